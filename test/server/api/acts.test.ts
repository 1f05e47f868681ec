/** What an operator does through the API is done, told, and audited with the token's name. */
import { describe, expect, test } from 'vitest';
import { conflictsIn, departuresCalled, runNamed } from '../../../src/acts/index.ts';
import { latestEntries } from '../../../src/audit/index.ts';
import { explainPerson, statusOf } from '../../../src/engine/index.ts';
import {
  conflictsJson,
  departureJson,
  explanationJson,
  operationJson,
  runJson,
  statusJson,
} from '../../../src/json/index.ts';
import type { RunId } from '../../../src/store/operations/operation.ts';
import { people } from '../../engine/installation.ts';
import { openSite, type Site } from '../console/site.ts';
import { at, listAt, objectAt, textAt } from './answer.ts';
import { type Client, clientOf } from './client.ts';

/** Waits for the end of a run by its events. */
async function ended(client: Client, run: string): Promise<string> {
  const { body } = await client.get(`/runs/${run}/events`, { as: 'viewer' });
  return String(body);
}

const actorsOf = async (site: Site, run: string) =>
  (await latestEntries(site.engine.store.db, { run: run as RunId }, 100)).map(({ actor, action }) => [
    actor,
    action,
  ]);

/** Half of the people leave: the guard holds it. */
async function heldPlan(site: Site): Promise<string> {
  await site.sync();
  const half = site.people.length / 2;
  await site.publish(
    site.people.map((person, index) => (index < half ? { ...person, employeeType: 'left' } : person)),
  );
  return await site.release();
}

describe('a run', () => {
  test('is requested, carried out by the service, and told to its end', async () => {
    // Slow enough that a look each second meets it at work.
    await using site = await openSite({ works: true, sandbox: { latencyMs: 700 } });
    const client = clientOf(site);

    const { status, headers, body } = await client.post('/runs', { source: 'people' }, { as: 'operator' });

    expect([status, at(body, 'served')]).toEqual([202, true]);
    const id = textAt(body, 'runs', 0, 'id');
    expect(headers.get('location')).toBe(`/api/v1/runs/${id}`);
    const events = await ended(client, id);
    expect(events).toMatch(/event: progress\ndata: .*"state":"executing"/);
    expect(events).toMatch(
      /event: end\ndata: .*"state":"done".*"counts":\{"done":8\},"unconfirmed":0,"unverified":null\}\n\n$/,
    );
    expect((await client.get(`/runs/${id}`)).body).toMatchObject({
      state: 'done',
      counts: { done: 8 },
      overtaken: 0,
    });
    expect(await actorsOf(site, id)).toContainEqual(['token:operator', 'run.requested']);
    expect(site.effects()).toHaveLength(8);
  });

  test('dry, is made by the service, and nothing is done before an approver says so', async () => {
    await using site = await openSite({ works: true });
    const client = clientOf(site);
    const one = { source: 'people', mode: 'plan', onlyWho: site.person(2).mail };

    const { body } = await client.post('/runs', one, { as: 'operator' });
    const id = textAt(body, 'runs', 0, 'id');
    expect(await ended(client, id)).toContain('"state":"planned"');

    expect(site.effects()).toEqual([]);
    const word = { reason: 'as it should be' };
    expect((await client.post(`/runs/${id}/approve`, word, { as: 'operator' })).status).toBe(403);
    const approved = await client.post(`/runs/${id}/approve`, word);
    expect(approved.body).toMatchObject({ outcome: 'approved', released: 1, overtaken: 0, served: true });
    await ended(client, id);
    expect(site.effects()).toEqual([`created ${site.person(2).mail}`]);
    expect(await actorsOf(site, id)).toContainEqual(['token:approver', 'plan.approved']);
  });

  test('dry ones of the command line are left to it', async () => {
    await using site = await openSite({ works: true });
    const theirs = await site.request('plan');
    const { body } = await clientOf(site).post('/runs', { source: 'people', mode: 'plan' });
    await ended(clientOf(site), textAt(body, 'runs', 0, 'id'));

    expect(at((await clientOf(site).get(`/runs/${theirs}`)).body, 'state')).toBe('requested');
  });

  test('with a guard that gives way needs an approver, who is audited', async () => {
    await using site = await openSite();
    const client = clientOf(site);
    const raise = { guards: { maxDeactivations: 200 }, reason: 'The office closes' };

    expect((await client.post('/runs', { source: 'people', raise }, { as: 'operator' })).status).toBe(403);
    const { body } = await client.post('/runs', { source: 'people', raise });

    const run = at(body, 'runs', 0);
    expect(run).toMatchObject({ raised: raise.guards, raiseReason: raise.reason, actor: 'token:approver' });
    expect(await actorsOf(site, textAt(run, 'id'))).toEqual([
      ['token:approver', 'run.requested'],
      ['token:approver', 'guard.raised'],
    ]);
  });

  test('its deactivations are undone by a plan', async () => {
    await using site = await openSite({
      works: true,
      config: { guards: '{ maxDeactivations: { count: 100 } }' },
    });
    const client = clientOf(site);
    const run = await heldPlan(site);
    await site.carryOut(run as RunId);

    const { status, headers, body } = await client.post(`/runs/${run}/undo`, undefined, { as: 'operator' });

    expect([status, at(body, 'state'), at(body, 'counts')]).toEqual([201, 'planned', { planned: 4 }]);
    expect(headers.get('location')).toBe(`/api/v1/runs/${textAt(body, 'id')}`);
    expect((await client.post('/runs/nothing/undo')).status).toBe(404);
  });
});

describe('what a guard holds', () => {
  test('two approvers at once: one releases it, the other is told so', async () => {
    await using site = await openSite({ people: 40 });
    const run = await heldPlan(site);
    const client = clientOf(site);

    const both = await Promise.all(
      ['one', 'two'].map((reason) => client.post(`/runs/${run}/approve`, { reason })),
    );

    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 200)?.body).toMatchObject({
      outcome: 'approved',
      released: 20,
    });
    expect(textAt(both.find(({ status }) => status === 409)?.body, 'detail')).toContain(
      'token:approver approved it',
    );
    const approvals = (await actorsOf(site, run)).filter(([, action]) => action === 'plan.approved');
    expect(approvals).toHaveLength(1);
  });

  test('approved and rejected at once, one word counts', async () => {
    await using site = await openSite({ people: 40 });
    const run = await heldPlan(site);
    const client = clientOf(site);

    const [approved, rejected] = await Promise.all([
      client.post(`/runs/${run}/approve`, { reason: 'yes' }),
      client.post(`/runs/${run}/reject`, { reason: 'no' }),
    ]);

    expect([approved.status, rejected.status].sort()).toEqual([200, 409]);
    const states = new Set((await site.operations(run as RunId)).map(({ state }) => state));
    expect(states).toEqual(new Set([approved.status === 200 ? 'queued' : 'rejected']));
  });

  test('where two have to approve, one token is one person', async () => {
    await using site = await openSite({ people: 40, config: { guards: '{ approval: { people: 2 } }' } });
    const run = await heldPlan(site);
    const client = clientOf(site);

    const first = await client.post(`/runs/${run}/approve`, { reason: 'yes' });
    const again = await client.post(`/runs/${run}/approve`, { reason: 'yes, yes' });

    expect(first.body).toMatchObject({ outcome: 'seconded', released: 0 });
    expect([again.status, at(again.body, 'type')]).toEqual([409, 'urn:rollcall:problem:not-now']);
    expect(at((await client.get(`/runs/${run}`)).body, 'approvals')).toMatchObject([
      { actor: 'token:approver' },
    ]);
  });
});

describe('failures', () => {
  test('are listed, tried again by what they failed of, and discarded', async () => {
    await using site = await openSite({ people: 4 });
    const client = clientOf(site);
    for (const index of [0, 1, 2])
      site.sandbox.fault({
        operation: 'create',
        match: site.person(index).mail,
        effect: {
          kind: 'status',
          status: 400,
          body: { error: index === 0 ? 'No such phone.' : 'No such name.' },
        },
      });
    const { run } = await site.sync();
    site.sandbox.clearFaults();
    const failed = await client.get('/operations?state=failed');
    expect(listAt(failed.body, 'items')).toHaveLength(3);

    const retried = await client.post('/operations/retry', { saying: 'such NAME', reason: 'mended' });
    expect(retried.body).toMatchObject({ passedOver: 0, served: false });
    expect(listAt(retried.body, 'retried')).toHaveLength(2);
    const rest = listAt((await client.get('/operations?state=failed')).body, 'items');
    expect(rest.map((operation) => at(operation, 'message'))).toEqual([expect.stringContaining('phone')]);
    const id = textAt(rest, 0, 'id');
    const discarded = await client.post('/operations/discard', { ids: [id] });

    expect(discarded.body).toEqual({ discarded: [id] });
    expect(at((await client.get(`/operations/${id}`)).body, 'state')).toBe('discarded');
    const again = await client.post('/operations/discard', { ids: [id] });
    expect([again.status, at(again.body, 'type')]).toEqual([404, 'urn:rollcall:problem:not-found']);
    expect(await actorsOf(site, run.id)).toEqual(
      expect.arrayContaining([
        ['token:approver', 'operation.retried'],
        ['token:approver', 'operation.discarded'],
      ]),
    );
  });
});

describe('a person', () => {
  test('is left alone, and is not any more', async () => {
    await using site = await openSite();
    const client = clientOf(site);
    const word = { who: site.person(1).mail, reason: 'asked for it' };

    const ignored = await client.post('/rulings/ignore', word, { as: 'operator' });
    expect(ignored.body).toMatchObject({
      ruling: { kind: 'ignore', actor: 'token:operator' },
      superseded: 0,
    });
    expect(at((await client.post('/rulings/ignore', word)).body, 'type')).toBe(
      'urn:rollcall:problem:not-now',
    );
    const { body: conflicts } = await client.get('/conflicts');
    expect(at(conflicts, 'items', 0, 'rulings')).toMatchObject([{ email: word.who }]);

    expect((await client.post('/rulings/unignore', word)).body).toMatchObject({
      takenBack: { email: word.who },
    });
    expect((await client.post('/rulings/unignore', word)).status).toBe(404);
  });

  test('gets a profile that an operator names', async () => {
    await using site = await openSite();
    const client = clientOf(site);
    const word = { who: site.person(1).mail, profile: 'nothing', reason: 'it is hers' };

    const { status, body } = await client.post('/rulings/adopt', word);

    expect([status, at(body, 'detail')]).toEqual([
      409,
      expect.stringContaining('There is no profile nothing'),
    ]);
  });

  test('leaves at once, and is taken back', async () => {
    await using site = await openSite({ works: true });
    const client = clientOf(site);
    await site.sync();
    const { mail: who } = site.person(1);

    const left = await client.post('/departures', { who, reason: 'contract ended' }, { as: 'operator' });

    expect([left.status, at(left.body, 'outcome')]).toEqual([202, 'deactivating']);
    await ended(client, textAt(left.body, 'run'));
    expect(site.effects()).toContain(`deactivated ${who}`);
    expect(at((await client.get(`/departures?who=${who}`)).body, 'items')).toMatchObject([
      { email: who, cause: 'operator' },
    ]);
    const explained = await client.get(`/explain?who=${who}`, { as: 'viewer' });
    expect(textAt(explained.body, 'people', 0, 'inShort', 0)).toContain('inactive');
    const back = await client.post('/departures/reinstate', { who, reason: 'a mistake' });
    expect(at(back.body, 'outcome')).toBe('taken-back');
    expect((await client.post('/departures/reinstate', { who, reason: 'a mistake' })).status).toBe(409);
    const later = await client.post('/departures', { who, at: 'some day', reason: 'contract ends' });
    expect([later.status, at(later.body, 'type')]).toEqual([400, 'urn:rollcall:problem:not-understood']);
    const scheduled = await client.post('/departures', { who, at: '2099-03-31', reason: 'ends' });
    expect(at(scheduled.body, 'outcome')).toBe('scheduled');
  });

  test('who was never invited is not invited again', async () => {
    await using site = await openSite();
    await site.sync();
    const word = { who: site.person(1).mail, reason: 'lost the mail' };

    const { status, body } = await clientOf(site).post('/invitations', word);

    expect([status, at(body, 'type')]).toEqual([409, 'urn:rollcall:problem:no-plan']);
  });
});

test('a source that is not in quarantine needs no clearing, and one is looked at', async () => {
  await using site = await openSite();
  const client = clientOf(site);

  expect((await client.post('/sources/people/quarantine/clear', { reason: 'well again' })).status).toBe(409);
  const checked = await client.post('/sources/people/check');
  expect(at(checked.body, 'findings', 0)).toMatchObject({ ok: true, mend: null });
});

test('the same is told as by --json: nothing is left out, and nothing put in', async () => {
  await using site = await openSite({ people: 40, works: true });
  const client = clientOf(site);
  const run = await heldPlan(site);
  const { mail: who } = site.person(39);
  await client.post('/departures', { who, at: '2099-01-01', reason: 'ends' });
  await client.post('/rulings/ignore', { who: site.person(38).mail, reason: 'asked for it' });
  const { db } = site.engine.store;
  const plain = (document: unknown) => JSON.parse(JSON.stringify(document));
  const timeless = (document: unknown) => ({
    ...objectAt(document),
    services: listAt(document, 'services').map((service) => {
      const { seenAt: _, ...rest } = objectAt(service);
      return rest;
    }),
  });

  expect(timeless((await client.get('/status')).body)).toEqual(
    plain(timeless(statusJson(await statusOf(site.engine)))),
  );
  const operations = await client.get(`/runs/${run}/operations?limit=500`);
  expect(at(operations.body, 'items')).toEqual(
    plain((await site.operations(run as RunId)).map(operationJson)),
  );
  const found = await runNamed(db, run);
  if (found.kind === 'refused') throw new Error(found.sentence);
  expect((await client.get(`/runs/${run}`)).body).toEqual({
    ...plain(runJson(found.run)),
    counts: { held: 20 },
    overtaken: 0,
  });
  const view = await conflictsIn(db, people);
  expect((await client.get('/conflicts')).body).toEqual({ items: [plain(conflictsJson(view))] });
  const called = await departuresCalled(site, {});
  if (called.kind === 'refused') throw new Error(called.sentence);
  expect((await client.get('/departures')).body).toEqual({
    items: plain(called.departures.map(departureJson)),
  });
  for (const one of [who, site.person(38).mail, site.person(0).mail]) {
    const outcome = await explainPerson(site.engine, {
      ...{ who: one, source: undefined, now: new Date(), signal: AbortSignal.timeout(10_000) },
      onProgress: () => undefined,
    });
    if (outcome.kind !== 'explained') throw new Error(`${one} is not explained.`);
    const told = objectAt((await client.get(`/explain?who=${one}`)).body);
    // The words tell times from where they are: at the same moment they are the same.
    const moment = new Date(textAt(told, 'at'));
    expect(told).toEqual(plain(explanationJson({ ...outcome.explanation, at: moment })));
  }
});

test('secrets of the configuration are not told', async () => {
  await using site = await openSite();
  const client = clientOf(site);

  const text = JSON.stringify([
    (await client.get('/configuration', { as: 'viewer' })).body,
    (await client.get('/configuration/words')).body,
  ]);

  expect(text).toContain('"***"');
  expect(text).not.toContain(site.sandbox.apiKey);
  expect(text).not.toContain('approver-token');
});

test('values that are secrets are not told, whoever asks', async () => {
  await using site = await openSite({
    config: { mapping: '{ email: mail, username: mail, api_token: employeeNumber, name: cn }' },
  });
  const { run } = await site.sync();
  const client = clientOf(site);
  const number = site.person(1).employeeNumber;

  const operations = await client.get(`/runs/${run.id}/operations?who=${site.person(1).mail}`);
  const entries = await client.get(`/audit?who=${site.person(1).mail}`);

  expect(at(operations.body, 'items', 0, 'after', 'api_token')).toBe('(not shown)');
  expect(JSON.stringify(entries.body)).toContain('"api_token":"(not shown)"');
  expect(JSON.stringify([operations.body, entries.body])).not.toContain(`"${number}"`);
});

test('the brake: a paused source is not read, but for a dry run or on somebody’s word', async () => {
  await using site = await openSite({ works: true });
  const client = clientOf(site);
  const word = { source: 'people', reason: 'The directory is being moved' };

  expect((await client.post('/pause', word, { as: 'viewer' })).status).toBe(403);
  const paused = await client.post('/pause', { ...word, until: '2099-03-31' }, { as: 'operator' });
  expect(paused.body).toMatchObject({
    source: 'people',
    sentence: expect.stringContaining('is paused until 2099'),
  });
  expect(at((await client.get('/sources/people')).body, 'pause')).toMatchObject({
    actor: 'token:operator',
    leavers: 'go',
  });
  const refused = await client.post('/runs', { source: 'people' });
  expect([refused.status, at(refused.body, 'type')]).toEqual([409, 'urn:rollcall:problem:not-now']);
  for (const wish of [{ mode: 'plan' }, { althoughPaused: true }]) {
    const { status, body } = await client.post('/runs', { source: 'people', ...wish });
    expect(status).toBe(202);
    expect(await ended(client, textAt(body, 'runs', 0, 'id'))).toMatch(/"state":"(planned|done)"/);
  }

  expect(textAt((await client.post('/resume', word)).body, 'sentence')).toContain('goes on');
  expect((await client.post('/resume', word)).status).toBe(409);
});
