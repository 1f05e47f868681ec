/** `rollcall plan --with FILE` on a real directory server: what it tells is what a plan with that file then is. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Slapd, startSlapd } from '../servers/slapd.ts';
import { type Stage, setStage } from './stage.ts';

let slapd: Slapd;
let stage: Stage;
let config: string;

beforeAll(async () => {
  slapd = await startSlapd({ people: 60 });
  stage = await setStage({
    combination: 'PostgreSQL and Redis',
    sources: `  - id: corp
    type: ldap
    url: ${slapd.ldapsUrl}
    bindDn: "${slapd.readerDn}"
    password: "${slapd.readerPassword}"
    tls: { ca: "${slapd.caFile}" }
    baseDn: "${slapd.peopleDn}"
    filter: (objectClass=inetOrgPerson)`,
    more: `
scope: has(user.mail)
mapping: { email: mail, username: uid, name: cn, organization_role: title }
lifecycle: { grace: 0s }
`,
  });
  config = await readFile(stage.configFile, 'utf8');
  expect(await stage.rollcall('resync', '--wait')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await slapd.stop();
});

/** Another configuration, with some of the lines changed. */
async function candidate(...changes: readonly (readonly [string, string])[]): Promise<string> {
  const file = join(stage.folder, 'candidate.yaml');
  const text = changes.reduce((all, [from, to]) => all.replace(from, to), config);
  expect(text).not.toBe(config);
  await writeFile(file, text);
  return file;
}

const json = async (...args: readonly string[]) => {
  const { stdout, stderr } = await stage.rollcall('--json', ...args);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
};

interface Step {
  readonly anchor: string;
  readonly kind: string;
  readonly after: object;
}

const planned = (operations: readonly Step[]) =>
  operations.map(({ anchor, kind, after }) => [anchor, kind, after]).toSorted();

test('a changed mapping and scope: who, what, from what to what, and the guards, by one reading', async () => {
  const { list } = stage.sandbox.requests;
  const log = (await stage.rollcall('audit', 'export')).stdout;
  const runs = await json('runs');

  const file = await candidate(
    ['organization_role: title', "organization_role: \"user.title == 'Clerk' ? 'Desk' : user.title\""],
    ['scope: has(user.mail)', 'scope: has(user.mail) && !user.mail.startsWith("u1")'],
  );
  const { sources } = await json('plan', '--with', file);
  const text = await stage.rollcall('plan', '--with', file);

  const [{ newly, today, candidate: other, attributes, wasReadTwice }] = sources;
  expect(today).toMatchObject({ operations: {}, inScope: 60, holds: [] });
  expect(other.operations).toEqual({ deactivate: newly.deactivate.length, edit: newly.edit.length });
  expect(other.holds).toMatchObject([{ guard: 'maxDeactivations' }, { guard: 'maxEdits' }]);
  expect(attributes).toEqual([
    {
      attribute: 'organization_role',
      people: newly.edit.length,
      changes: [{ from: 'Clerk', to: 'Desk', people: newly.edit.length }],
    },
  ]);
  expect(wasReadTwice).toBe(false);
  expect(text.code).toBe(0);
  expect(text.stdout).toContain('It would also deactivate: 11');
  expect(text.stdout).toContain('organization_role: "Clerk" → "Desk"');
  expect(text.stdout).toContain('Nothing was stored, and nothing was sent.');

  // Nothing came of it, and the org was listed once for both plans.
  expect(stage.sandbox.effects).toHaveLength(60);
  const { list: afterwards } = stage.sandbox.requests;
  expect((await stage.rollcall('audit', 'export')).stdout).toBe(log);
  expect(await json('runs')).toEqual(runs);

  await writeFile(stage.configFile, await readFile(file, 'utf8'));
  const real = await json('plan');
  expect(afterwards - list).toBe(2 * (stage.sandbox.requests.list - afterwards));
  await writeFile(stage.configFile, config);
  expect(
    planned([...newly.edit, ...newly.deactivate].map((step) => ({ ...step.candidate, anchor: step.anchor }))),
  ).toEqual(planned(real.operations));
});

test('another filter is read by itself; the same file is no difference', async () => {
  const file = await candidate([
    '(objectClass=inetOrgPerson)',
    '(&(objectClass=inetOrgPerson)(title=Clerk))',
  ]);
  const [other] = (await json('plan', '--with', file)).sources;
  const [same] = (await json('plan', '--with', stage.configFile)).sources;

  expect(other).toMatchObject({
    wasReadTwice: true,
    today: { identities: 60 },
    candidate: { identities: 40 },
  });
  expect(other.candidate.incomplete).toContain('too many people are gone');
  expect(same).toMatchObject({ wasReadTwice: false, newly: {}, noLonger: {}, otherwise: {} });
});

test('a mistake in the other file is told with its line; what does not go together, in a sentence', async () => {
  const file = await candidate(['organization_role: title', 'organization_role: user.title +']);

  const mistaken = await stage.rollcall('plan', '--with', file);
  const delta = await stage.rollcall('plan', '--with', stage.configFile, '--mode', 'delta');

  expect(mistaken.code).toBe(2);
  expect(mistaken.stderr).toMatch(/candidate[.]yaml:\d+/);
  expect(delta).toMatchObject({ code: 2, stderr: expect.stringContaining('leave --mode delta out') });
});
