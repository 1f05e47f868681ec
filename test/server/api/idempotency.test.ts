/** The same key is one effect, however often and wherever it is sent. */
import { expect, test } from 'vitest';
import { startServer } from '../../../src/server/server.ts';
import { latestRuns } from '../../../src/store/runs/runs.ts';
import { forgetAnswers } from '../../../src/store/service/api-answers.ts';
import { openSite, type Site } from '../console/site.ts';
import { at, textAt } from './answer.ts';
import { clientOf } from './client.ts';

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
const runsIn = async (site: Site) => (await latestRuns(site.engine.store.db, 100)).length;

/** A second process on the same store, as far as a test's own process can be one. */
async function beside(site: Site) {
  const server = await startServer(await site.another(), { roles: ['console'] });
  return { ...clientOf(server), [Symbol.asyncDispose]: () => server.close() };
}

test('sent again, it gets the first answer, and nothing is done twice', async () => {
  await using site = await openSite();
  const client = clientOf(site);

  const first = await client.post('/runs', { source: 'people' }, keyed('k-1'));
  const again = await client.post('/runs', { source: 'people' }, keyed('k-1'));

  expect(again.body).toEqual(first.body);
  expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(await runsIn(site)).toBe(1);
});

test('many at once, on two servers with one store, are one effect', async () => {
  await using site = await openSite();
  await using other = await beside(site);
  const clients = [clientOf(site), other];

  const all = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      clients[index % 2]?.post('/runs', { source: 'people' }, keyed(`k-${index % 3}`)),
    ),
  );

  expect(new Set(all.map((told) => told?.status))).toEqual(new Set([202]));
  expect(new Set(all.map((told) => textAt(told?.body, 'runs', 0, 'id'))).size).toBe(3);
  expect(await runsIn(site)).toBe(3);
});

test('with another request it is refused, and so it is by another path', async () => {
  await using site = await openSite();
  const client = clientOf(site);
  await client.post('/runs', { source: 'people' }, keyed('k-1'));

  const other = await client.post('/runs', { source: 'people', mode: 'plan' }, keyed('k-1'));
  const elsewhere = await client.post('/departures', { who: 'ann', reason: 'left' }, keyed('k-1'));

  for (const { status, body } of [other, elsewhere])
    expect([status, at(body, 'type')]).toEqual([422, 'urn:rollcall:problem:key-reused']);
  expect(await runsIn(site)).toBe(1);
});

test('keys of different tokens are different keys', async () => {
  await using site = await openSite();
  const client = clientOf(site);

  await client.post('/runs', { source: 'people' }, { as: 'operator', ...keyed('k-1') });
  await client.post('/runs', { source: 'people', mode: 'plan' }, { as: 'approver', ...keyed('k-1') });

  expect(await runsIn(site)).toBe(2);
});

test('a refusal is an answer, too', async () => {
  await using site = await openSite();
  const client = clientOf(site);
  const ask = async () => await client.post('/rulings/unignore', { who: 'ann', reason: 'x' }, keyed('k-1'));

  const [first, again] = [await ask(), await ask()];

  expect([first.status, again.status]).toEqual([404, 404]);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});

test('what could not be done just now may be tried again with the same key', async () => {
  await using site = await openSite();
  const client = clientOf(site);
  const { mail: who } = site.person(0);
  const ask = async () => await client.post('/rulings/ignore', { who, reason: 'asked for it' }, keyed('k-1'));
  await site.publishText('this is no LDIF');

  expect((await ask()).status).toBe(502);
  await site.publish(site.people);

  expect((await ask()).status).toBe(200);
});

test('where the first one’s process died in the middle, nobody does it a second time unseen', async () => {
  await using site = await openSite();
  const client = clientOf(site);
  const { db } = site.engine.store;
  await client.post('/runs', { source: 'people' }, keyed('k-1'));
  const dead = { answer: null, leased_until: new Date(Date.now() - 1_000) };
  await db.updateTable('api_answers').set(dead).execute();

  const { status, body } = await client.post('/runs', { source: 'people' }, keyed('k-1'));

  expect([status, at(body, 'type')]).toEqual([409, 'urn:rollcall:problem:key-interrupted']);
  expect(await runsIn(site)).toBe(1);
});

test('a key is kept for a day, and is then as good as new', async () => {
  await using site = await openSite();
  const client = clientOf(site);
  const { db } = site.engine.store;
  await client.post('/runs', { source: 'people' }, keyed('k-1'));
  const { kept_until: until } = await db
    .selectFrom('api_answers')
    .select('kept_until')
    .executeTakeFirstOrThrow();
  expect(until.getTime() - Date.now()).toBeGreaterThan(23.9 * 3_600_000);

  await db
    .updateTable('api_answers')
    .set({ kept_until: new Date(Date.now() - 1_000) })
    .execute();
  expect((await client.post('/runs', { source: 'people', mode: 'plan' }, keyed('k-1'))).status).toBe(202);
  expect(await runsIn(site)).toBe(2);
  await forgetAnswers(db, new Date(Date.now() + 25 * 3_600_000));
  expect(await db.selectFrom('api_answers').select('key').execute()).toEqual([]);
});
