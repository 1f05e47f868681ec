/** Whole runs against a directory that changes under them: whatever it hides, nobody is deactivated, and the run says why. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generatePeople } from '../servers/directory-people.ts';
import { type Slapd, type SlapdOptions, startSlapd } from '../servers/slapd.ts';
import { type CliResult, type Stage, setStage } from './stage.ts';

const peopleDn = 'ou=people,dc=example,dc=com';
const people = generatePeople(30, peopleDn);
const reader = 'cn=reader,ou=system,dc=example,dc=com';
const usual = `access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${reader}" read by * none`;

let stage: Stage;
let sound: Slapd;
/** The configuration that goes with the sound directory. */
let right: string;

beforeAll(async () => {
  sound = await startSlapd({ people });
  stage = await setStage({
    sources: `  - { id: corp, type: ldap, url: "${sound.ldapsUrl}", bindDn: "${sound.readerDn}", password: "${sound.readerPassword}", tls: { ca: "${sound.caFile}" }, baseDn: "${peopleDn}", pageSize: 10 }`,
    more: 'lifecycle: { grace: 0s }\nguards: { maxDeactivations: { count: 100 } }\nmapping: { email: mail, username: mail, name: cn }',
  });
  right = await readFile(stage.configFile, 'utf8');
  const first = await stage.rollcall('resync', '--wait');
  expect(first).toMatchObject({ code: 0 });
  expect(stage.sandbox.effects).toHaveLength(30);
}, 60_000);

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
  await sound?.stop();
});

const deactivated = () => stage.sandbox.effects.filter(({ kind }) => kind === 'deactivated');

/** A run against a directory with the same people that is otherwise as told. */
async function runAgainst(
  options: SlapdOptions,
  change: (config: string) => string = (config) => config,
  ...more: readonly string[]
): Promise<CliResult> {
  const slapd = await startSlapd({ people, ...options });
  try {
    await stage.writeConfig(
      change(right.replaceAll(sound.ldapsUrl, slapd.ldapsUrl).replaceAll(sound.caFile, slapd.caFile)),
    );
    return await stage.rollcall('resync', '--source', 'corp', '--wait', '--json', ...more);
  } finally {
    await slapd.stop();
  }
}

const hiding = (line: string): SlapdOptions => ({ acl: `${line} by * none\n${usual}` });

test.each([
  [
    'an account that does not see one branch any more',
    hiding(`access to dn.subtree="ou=A,${peopleDn}"`),
    `ou=a,${peopleDn} had 15 people and has 0 now (15 gone, 5 allowed)`,
  ],
  [
    'an account that sees nobody any more',
    hiding(`access to dn.children="${peopleDn}"`),
    'An account that has lost its rights gets the same answer',
  ],
  [
    'an account that does not see ids any more',
    hiding('access to attrs=entryUUID'),
    'have no usable entryUUID',
  ],
  [
    'a limit for the account',
    { sizeLimits: 'size.soft=10 size.hard=10 size.pr=10 size.prtotal=12' },
    'sizeLimitExceeded (4)',
  ],
  [
    'a directory that was restored in part',
    { people: people.slice(0, 12) },
    'the source had 30 people and has 12 now',
  ],
] satisfies readonly (readonly [
  string,
  SlapdOptions,
  string,
])[])('%s: nobody is deactivated', async (_, options, reason) => {
  const { code, stdout } = await runAgainst(options);

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ summary: { incomplete: expect.stringContaining(reason) } });
  expect(deactivated()).toEqual([]);
});

test('a filter that was mistyped: nobody is deactivated', async () => {
  const { stdout } = await runAgainst({}, (config) =>
    config.replace('pageSize: 10', 'pageSize: 10, filter: "(title=Engineer)"'),
  );

  expect(JSON.parse(stdout)).toMatchObject({
    summary: { incomplete: expect.stringContaining('the source had 30 people and has 10 now') },
  });
  expect(deactivated()).toEqual([]);
});

test('a base that is not there: the run fails, and nobody is deactivated', async () => {
  const { code, stderr } = await runAgainst({}, (config) =>
    config.replace(peopleDn, `ou=pepole,${peopleDn}`),
  );

  expect(code).toBe(1);
  expect(stderr).toContain('noSuchObject (32)');
  expect(deactivated()).toEqual([]);
});

test('groups whose members the account does not see any more: nobody is out of scope for it', async () => {
  const { stdout } = await runAgainst(
    {},
    (config) => `${config}\nscope: '"cn=all,ou=groups,dc=example,dc=com" in user.groups'`,
  );

  expect(JSON.parse(stdout)).toMatchObject({
    summary: { incomplete: expect.stringContaining('Who is in which group is not wholly known') },
  });
  expect(deactivated()).toEqual([]);
});

test('people who have really left are deactivated once a person says so, with their number and a reason', async () => {
  const { stdout } = await runAgainst(
    { people: people.slice(0, 12) },
    undefined,
    ...['--accept-shrink', '18', '--reason', 'Vienna was sold'],
  );

  expect(JSON.parse(stdout)).toMatchObject({ summary: { incomplete: null } });
  expect(deactivated()).toHaveLength(18);
  const audit = await stage.rollcall('audit', 'list', '--json');
  expect(audit.stdout).toContain('guard.raised');
  expect(audit.stdout).toContain('Vienna was sold');
}, 60_000);
