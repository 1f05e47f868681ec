/** Whole runs against a directory that changes under them: whatever it hides, nobody is deactivated, and the run says why. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { carryOutRun } from '../../src/engine/index.ts';
import type { Conducted } from '../../src/plan/index.ts';
import { requestRun } from '../../src/store/runs/runs.ts';
import { sourceId } from '../builders/people.ts';
import { generatePeople } from '../servers/directory-people.ts';
import { type Slapd, type SlapdOptions, startSlapd } from '../servers/slapd.ts';
import { type Installation, install } from './installation.ts';

const peopleDn = 'ou=people,dc=example,dc=com';
const people = generatePeople(30, peopleDn);
const reader = 'cn=reader,ou=system,dc=example,dc=com';
const usual = `access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${reader}" read by * none`;
const corp = sourceId('corp');

let here: Installation;
let sound: Slapd;
/** The configuration that goes with the sound directory. */
let right: string;

beforeAll(async () => {
  sound = await startSlapd({ people });
  here = await install({
    combination: 'PostgreSQL',
    config: {
      sources: `[{ id: corp, type: ldap, url: "${sound.ldapsUrl}", bindDn: "${sound.readerDn}", password: "${sound.readerPassword}", tls: { ca: "${sound.caFile}" }, baseDn: "${peopleDn}", pageSize: 10 }]`,
      guards: '{ maxDeactivations: { count: 100 } }',
      mapping: '{ email: mail, username: mail, name: cn }',
    },
  });
  right = await readFile(join(here.folder, 'rollcall.yaml'), 'utf8');
  await here.carryOut(await here.releaseOf('corp'));
  expect(here.effects()).toHaveLength(30);
});

afterAll(async () => {
  await here?.[Symbol.asyncDispose]();
  await sound?.stop();
});

const deactivated = () => here.effects().filter((effect) => effect.startsWith('deactivated'));

interface Ran {
  readonly incomplete: string | null | undefined;
  readonly failure: string | undefined;
}

/** A run against a directory with the same people that is otherwise as told, carried out to its end. */
async function runAgainst(
  options: SlapdOptions,
  change: (config: string) => string = (config) => config,
): Promise<Ran> {
  const slapd = await startSlapd({ people, ...options });
  try {
    const changed = right.replaceAll(sound.ldapsUrl, slapd.ldapsUrl).replaceAll(sound.caFile, slapd.caFile);
    await writeFile(join(here.folder, 'rollcall.yaml'), change(changed));
    const engine = await here.another();
    const [source] = engine.sources;
    if (source === undefined) throw new Error('There is no source.');
    const request = {
      source: corp,
      mode: 'apply',
      reading: 'full',
      trigger: 'hand',
      actor: 'cli:test',
    } as const;
    const run = await requestRun(engine.store.db, { ...request, onlyWho: undefined });
    const conducted = await engine.conduct(run, source, AbortSignal.timeout(60_000));
    if (conducted.kind === 'planned') await carryOutRun(engine, run, AbortSignal.timeout(60_000));
    return told(conducted);
  } finally {
    await slapd.stop();
  }
}

const told = (conducted: Conducted): Ran => ({
  incomplete: conducted.kind === 'planned' ? conducted.summary.incomplete : undefined,
  failure: conducted.kind === 'failed' ? String(conducted.error) : undefined,
});

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
    `ou=a,${peopleDn} had 15 people and has 6 now`,
  ],
] satisfies readonly (readonly [
  string,
  SlapdOptions,
  string,
])[])('%s: nobody is deactivated', async (_, options, reason) => {
  expect((await runAgainst(options)).incomplete).toContain(reason);
  expect(deactivated()).toEqual([]);
});

test('a filter that was mistyped: nobody is deactivated', async () => {
  const { incomplete } = await runAgainst({}, (config) =>
    config.replace('pageSize: 10', 'pageSize: 10, filter: "(title=Engineer)"'),
  );

  expect(incomplete).toMatch(/had \d+ people and has \d+ now \(\d+ gone, 5 allowed\)/);
  expect(deactivated()).toEqual([]);
});

test('a base that is not there: the run fails, and nobody is deactivated', async () => {
  const { failure } = await runAgainst({}, (config) => config.replace(peopleDn, `ou=pepole,${peopleDn}`));

  expect(failure).toContain('noSuchObject (32)');
  expect(deactivated()).toEqual([]);
});

test('groups that the account does not see any more: nobody is out of scope for it', async () => {
  const { incomplete } = await runAgainst({}, (config) =>
    config.replace('scope: has(user.mail)', `scope: '"cn=other,ou=groups,dc=example,dc=com" in user.groups'`),
  );

  expect(incomplete).toContain('Who is in which group is not wholly known');
  expect(deactivated()).toEqual([]);
});
