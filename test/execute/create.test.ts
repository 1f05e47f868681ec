/** A creation whose answer goes wrong in every way that a network knows: one account each time. */
import { describe, expect, test } from 'vitest';
import type { FaultRequest } from '../../src/sandbox/index.ts';
import { linksOf } from '../../src/store/people/links.ts';
import { install, people } from '../engine/installation.ts';
import { retryThem } from './retry.ts';

const timeoutMs = 300;
interface Case {
  readonly what: string;
  readonly fault: FaultRequest;
}

const cases: readonly Case[] = [
  { what: 'the connection is dropped before it', fault: { operation: 'create', effect: { kind: 'drop' } } },
  {
    what: 'the connection is dropped after it',
    fault: { operation: 'create', effect: { kind: 'drop', when: 'after' } },
  },
  {
    what: 'the server fails before it',
    fault: { operation: 'create', effect: { kind: 'status', status: 500 } },
  },
  {
    what: 'the server fails after it',
    fault: { operation: 'create', effect: { kind: 'status', status: 502, when: 'after' } },
  },
  {
    what: 'the server is busy',
    fault: { operation: 'create', effect: { kind: 'status', status: 503, retryAfterSeconds: 0 } },
  },
  {
    what: 'the answer is half a JSON',
    fault: { operation: 'create', effect: { kind: 'wrong-json', when: 'after' } },
  },
  {
    what: 'the answer is a web page',
    fault: { operation: 'create', effect: { kind: 'html', when: 'after' } },
  },
  {
    what: 'a web page answers in its place',
    fault: { operation: 'create', effect: { kind: 'html', when: 'before' } },
  },
  {
    what: 'the answer takes too long',
    fault: { operation: 'create', effect: { kind: 'delay', ms: 2 * timeoutMs } },
  },
];

describe('a creation makes one account, and links it, where', () => {
  test.each(cases)('$what, once for everybody', async ({ fault }) => {
    await using here = await install({ people: 4, api: { timeout: `${timeoutMs}ms` } });
    for (const { mail } of here.people) here.sandbox.fault({ ...fault, match: mail, times: 1 });

    const end = await here.sync();

    expect(end.counts).toEqual(new Map([['done', 4]]));
    expect(here.effects().sort()).toEqual(here.people.map(({ mail }) => `created ${mail}`).sort());
    const links = await linksOf(here.engine.store.db, people);
    expect(links.map(({ email, profileId }) => [email, profileId]).sort()).toEqual(
      here.people.map(({ mail }) => [mail, here.sandbox.find(mail)?.profile.profile_id]).sort(),
    );
    expect((await here.sync()).counts).toEqual(new Map());
  });
});

test('an account whose profile is not found right after it was made is linked by the next run', async () => {
  await using here = await install({ people: 1 });
  const { mail } = here.person(0);
  const plan = await here.release();
  // The list is asked for the newest once the account is made.
  here.sandbox.fault({ operation: 'list', times: 1, effect: { kind: 'status', status: 503 } });
  const end = await here.carryOut(plan);

  expect(end.counts).toEqual(new Map([['done', 1]]));
  expect(here.effects()).toEqual([`created ${mail}`]);
  expect((await here.sync()).counts).toEqual(new Map());
});

test('a record that the server refuses fails with the server’s sentence, and stops nobody else', async () => {
  await using here = await install({ people: 4 });
  const bad = here.person(1);
  const effect = { kind: 'status', status: 400, body: { error: 'That name is not allowed.' } } as const;
  here.sandbox.fault({ operation: 'create', match: bad.mail, effect });

  const end = await here.sync();

  expect(end.counts).toEqual(
    new Map([
      ['done', 3],
      ['failed', 1],
    ]),
  );
  const failed = (await here.operations(end.run.id)).find(({ state }) => state === 'failed');
  expect(failed).toMatchObject({ email: bad.mail, attempts: 1 });
  expect(failed?.message).toContain('That name is not allowed.');
});

// Two directories know one person; the one whose answer was lost finds the other's account in the end.
test('an account that belongs to somebody else is not taken over after a lost answer', async () => {
  const sources = ['a', 'b']
    .map((id) => `{ id: people${id === 'a' ? '' : id}, type: ldif, file: people.ldif }`)
    .join(', ');
  await using here = await install({ people: 1, config: { sources: `[${sources}]` } });
  const { mail } = here.person(0);
  const { db } = here.engine.store;
  const first = await here.release();
  const second = await here.releaseOf('peopleb');
  const due = (notBefore: Date) => db.updateTable('operations').set({ not_before: notBefore });
  // As a worker leaves it that was killed before its request went out.
  await due(new Date(Date.now() + 3_600_000))
    .set({ intent_at: new Date() })
    .where('run_id', '=', second)
    .execute();
  await here.carryOut(first);

  await due(new Date()).where('run_id', '=', second).execute();
  const end = await here.carryOut(second);

  expect(here.effects()).toEqual([`created ${mail}`]);
  expect(end.counts).toEqual(new Map([['failed', 1]]));
  expect((await here.operations(second))[0]?.message).toContain('belongs to');
});

test('somebody whose creation may have happened gets no second account when their address changes', async () => {
  await using here = await install({
    people: 3,
    config: { retry: '{ attempts: 1, backoff: 20ms, maxBackoff: 100ms }' },
  });
  const { mail } = here.person(0);
  here.sandbox.fault({ operation: 'create', match: mail, times: 1, effect: { kind: 'drop', when: 'after' } });
  const first = await here.sync();
  expect(first.counts.get('failed')).toBe(1);
  await here.publish(here.people.map((one, at) => (at === 0 ? { ...one, mail: 'new@example.org' } : one)));

  const second = await here.sync();

  expect(second.counts).toEqual(new Map());
  expect(await here.findings(second.run.id)).toMatchObject([
    { kind: 'waiting', reason: expect.stringContaining(`under ${mail} is not known`) },
  ]);

  await retryThem(here.engine.store.db, { run: first.run.id });
  await here.carryOut(first.run.id);
  await here.sync();
  expect(here.effects().filter((effect) => effect.startsWith('created'))).toHaveLength(3);
  expect(here.sandbox.find('new@example.org')?.profile.is_active).toBe(true);
  expect((await here.sync()).counts).toEqual(new Map());
});
