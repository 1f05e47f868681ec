/** `rollcall explain` as it is typed, on a real directory server. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Slapd, startSlapd } from '../servers/slapd.ts';
import { type Stage, setStage } from './stage.ts';

let slapd: Slapd;
let stage: Stage;

beforeAll(async () => {
  slapd = await startSlapd({ people: 300 });
  stage = await setStage({
    combination: 'PostgreSQL and Redis',
    sources: `  - id: corp
    type: ldap
    url: ${slapd.ldapsUrl}
    bindDn: "${slapd.readerDn}"
    password: "${slapd.readerPassword}"
    tls: { ca: "${slapd.caFile}" }
    baseDn: "${slapd.peopleDn}"`,
    more: `
scope: has(user.mail) && user.title != "Guest"
mapping: { email: mail, username: uid, name: cn, organization_role: title }
`,
  });
  expect(await stage.rollcall('resync', '--wait')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await slapd.stop();
});

test('somebody is explained in less than a second, by one search of the directory and no list of the org', async () => {
  const { list, get } = stage.sandbox.requests;

  const tries: number[] = [];
  for (let tried = 0; tried < 3; tried += 1) {
    const began = performance.now();
    const { code, stdout } = await stage.rollcall('explain', 'u7@example.com');
    tries.push(performance.now() - began);
    expect(code).toBe(0);
    expect(stdout).toContain('They are active in the org');
    expect(stdout).toContain('title "Clerk"');
  }

  expect(stage.sandbox.requests.list).toBe(list);
  expect(stage.sandbox.requests.get).toBe(get + 3);
  // Other work on the machine may take its part of one of them.
  expect(Math.min(...tries)).toBeLessThan(1_000);
});

test('by login, out of scope since an hour, with the values that put them out, and the next step', async () => {
  await slapd.modify(slapd.people[8]?.dn ?? '', 'title', ['Guest']);

  const { stdout } = await stage.rollcall('--json', 'explain', 'u8');
  const { people } = JSON.parse(stdout);

  expect(people).toMatchObject([
    {
      source: 'corp',
      entry: { kind: 'seen', judgedAs: 'leaver', scope: { saw: { title: 'Guest' }, value: false } },
      next: { kind: 'operation', operation: 'deactivate', after: { is_active: false } },
    },
  ]);
});

test('nobody, and a mistyped source, are bad usage; a directory that is down is no reason not to answer', async () => {
  expect(await stage.rollcall('explain', 'nobody@example.com')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nobody is called nobody@example.com'),
  });
  expect(await stage.rollcall('explain', 'u7', '--source', 'nowhere')).toMatchObject({ code: 2 });

  await slapd.stop();
  const known = await stage.rollcall('explain', 'u7@example.com');
  const unknown = await stage.rollcall('explain', 'nobody@example.com');

  expect(known.code).toBe(0);
  expect(known.stdout).toContain('It could not be asked.');
  expect(known.stdout).toContain('create done');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('Not everything could be looked at');
});
