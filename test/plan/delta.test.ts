import { describe, expect, test } from 'vitest';
import { conductRun } from '../../src/plan/index.ts';
import { cursorOf } from '../../src/store/cursors.ts';
import type { RunId } from '../../src/store/operation.ts';
import { operations as operationsIn } from '../../src/store/operations.ts';
import { requestRun, runOf } from '../../src/store/runs.ts';
import type { ReadingMode } from '../../src/store/schema.ts';
import { type ChangingSource, changingSource } from '../builders/changing-source.ts';
import { type Installation, type InstallationOptions, install, people } from '../engine/installation.ts';

interface Stage extends Installation {
  readonly source: ChangingSource;
  /** Time that passes for the runs alone. */
  later(ms: number): void;
  /** Requests that reached the org since the last time that this was asked, such as `get: 1`. */
  requests(): readonly string[];
  /** A run, carried out. */
  run(reading: ReadingMode, mode?: 'plan' | 'apply', fingerprint?: string): Promise<RunId>;
  conducted(reading: ReadingMode, mode?: 'plan' | 'apply', fingerprint?: string): Promise<RunId>;
  deeds(run: RunId): Promise<readonly string[]>;
  reasons(run: RunId): Promise<readonly string[]>;
}

const hour = 3_600_000;

async function stage(options: InstallationOptions = {}): Promise<Stage> {
  const here = await install({ people: 0, ...options });
  const { engine, sandbox } = here;
  const { db } = engine.store;
  const source = changingSource();
  let passed = 0;
  const [configured] = engine.sources;
  if (configured === undefined) throw new Error('There is no source.');

  const conducted: Stage['conducted'] = async (reading, mode = 'apply', fingerprint = 'one') => {
    const request = { source: people, mode, reading, trigger: 'hand', actor: 'cli:test' } as const;
    const run = await requestRun(db, { ...request, onlyWho: undefined });
    const end = await conductRun(run, engine.id, {
      db,
      connector: source,
      api: engine.api,
      rules: configured.rules,
      fingerprint,
      config: engine.config,
      log: engine.log,
      signal: AbortSignal.timeout(60_000),
      onProgress: () => undefined,
      now: () => new Date(Date.now() + passed),
    });
    if (end.kind === 'failed') throw end.error;
    return run;
  };
  let seen: Readonly<Record<string, number>> = {};
  return {
    ...here,
    source,
    later: (ms) => {
      passed += ms;
    },
    requests: () => {
      const before = seen;
      seen = { ...sandbox.requests };
      return Object.entries(seen)
        .map(([operation, count]) => ({ operation, count: count - (before[operation] ?? 0) }))
        .filter(({ count }) => count > 0)
        .map(({ operation, count }) => `${operation}: ${count}`)
        .sort();
    },
    conducted,
    run: async (reading, mode, fingerprint) => {
      const run = await conducted(reading, mode, fingerprint);
      if (mode !== 'plan') await here.carryOut(run);
      return run;
    },
    deeds: async (run) =>
      (await operationsIn(db, { run })).map(({ kind, state, anchor }) => `${kind} ${anchor} ${state}`).sort(),
    reasons: async (run) => (await here.findings(run)).map(({ kind, anchor }) => `${kind} ${anchor}`).sort(),
  };
}

const summaryOf = async (here: Stage, run: RunId) => (await runOf(here.engine.store.db, run))?.summary;

describe('a delta', () => {
  test('without any change asks the org for nothing at all, and ends in an empty plan', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.requests();

    const run = await here.conducted('delta');

    expect(here.requests()).toEqual([]);
    expect(await runOf(here.engine.store.db, run)).toMatchObject({
      state: 'done',
      reading: 'delta',
      summary: {
        identities: 0,
        reading: 'delta',
        fallback: null,
        incomplete: null,
        linkedActive: 3,
        profiles: 3,
      },
    });
    expect(here.source.asked).toEqual(['everybody', 'changes']);
  });

  test('with one changed person asks for their profile alone, and edits it', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.source.put('bob', { title: 'Robert' });
    here.requests();

    const run = await here.conducted('delta');

    expect(here.requests()).toEqual(['get: 1', 'me: 1']);
    await here.carryOut(run);
    expect(await here.deeds(run)).toEqual(['edit bob done']);
    expect(await here.deeds(await here.run('delta'))).toEqual([]);
  });

  test('with somebody new lists the org, and creates them', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('bob');
    here.requests();

    const run = await here.conducted('delta');

    expect(here.requests()).toEqual(['list: 2', 'me: 1']);
    await here.carryOut(run);
    expect(await here.deeds(run)).toEqual(['create bob done']);
  });

  test('with a changed e-mail address lists the org, and gives nobody an address that is taken', async () => {
    await using here = await stage({
      sandbox: { users: [{ email: 'taken@example.com', username: 'taken' }] },
    });
    here.source.put('ann');
    await here.run('full');
    here.source.put('ann', { mail: 'taken@example.com' });

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual([]);
    expect(await here.reasons(run)).toEqual(['conflict ann']);
  });

  test('leaves everybody as they are of whom it does not tell', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'silently');
    here.source.put('bob', { title: 'Robert' });

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['edit bob done']);
    expect(here.source.asked.filter((one) => one.startsWith('lookup'))).toEqual([]);
  });

  test('that is a dry run shows what it would do, and keeps its place', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('ann', { title: 'Anna' });

    const dry = await here.run('delta', 'plan');
    const run = await here.run('delta');

    expect(await here.deeds(dry)).toEqual(['edit ann planned']);
    expect(await here.deeds(run)).toEqual(['edit ann done']);
  });
});

describe('somebody who goes', () => {
  test('by the source’s own word that they were deleted is deactivated at once, after a look-up', async () => {
    await using here = await stage({ config: { lifecycle: '{ grace: 24h }' } });
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'deleted');

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['deactivate ann done']);
    expect((await here.operations(run))[0]?.reason).toBe(
      'Their entry was deleted in the source; a look-up confirmed it.',
    );
    expect(here.source.asked).toContain('lookup ann');
  });

  test('by a word that the look-up denies is kept', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.take('ann', 'deleted');
    const { changes } = here.source;
    // They are back before anybody looks.
    const tell: typeof changes = async function* (request) {
      if (changes === undefined) return;
      for await (const part of changes(request)) {
        if (part.kind === 'end') here.source.put('ann');
        yield part;
      }
    };
    Object.assign(here.source, { changes: tell });

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual([]);
    expect(await here.reasons(run)).toEqual(['left ann']);
    expect(await here.deeds(await here.run('full'))).toEqual([]);
  });

  test('out of view waits for the grace, and is dealt with by the first delta after it', async () => {
    await using here = await stage({ config: { lifecycle: '{ grace: 24h }' } });
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'out-of-view');

    const first = await here.run('delta');
    here.later(12 * hour);
    const second = await here.run('delta');
    here.later(13 * hour);
    const third = await here.run('delta');

    expect(await here.reasons(first)).toEqual(['waiting ann']);
    expect([await here.deeds(first), await here.deeds(second), await here.deeds(third)]).toEqual([
      [],
      [],
      ['deactivate ann done'],
    ]);
    expect(here.source.asked.filter((one) => one.startsWith('lookup'))).toHaveLength(2);
  });

  test('out of view and comes back within the grace is as before, and their time begins anew', async () => {
    await using here = await stage({ config: { lifecycle: '{ grace: 24h }' } });
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    here.source.take('ann', 'out-of-view');
    await here.run('delta');
    here.later(12 * hour);
    here.source.put('ann');
    await here.run('delta');
    here.source.take('ann', 'out-of-view');
    await here.run('delta');
    here.later(13 * hour);

    expect(await here.deeds(await here.run('delta'))).toEqual([]);
    here.later(12 * hour);
    expect(await here.deeds(await here.run('delta'))).toEqual(['deactivate ann done']);
  });

  test('and whose deactivation a guard holds is still held, and wanted, after the next deltas', async () => {
    await using here = await stage({
      config: { lifecycle: '{ grace: 24h }', guards: '{ maxDeactivations: { count: 1, percent: 0 } }' },
    });
    for (const id of ['ann', 'bob', 'cho', 'dan']) here.source.put(id);
    await here.run('full');
    for (const id of ['ann', 'bob']) here.source.take(id, 'deleted');

    const run = await here.run('delta');
    here.source.put('dan', { title: 'Daniel' });
    await here.run('delta');
    await here.run('full');

    expect(await here.deeds(run)).toEqual(['deactivate ann held', 'deactivate bob held']);
  });

  test('little by little, one in each delta, does not get past the guard', async () => {
    await using here = await stage({ config: { guards: '{ maxDeactivations: { count: 2, percent: 0 } }' } });
    for (const id of ['ann', 'bob', 'cho', 'dan']) here.source.put(id);
    await here.run('full');

    const deeds: string[] = [];
    for (const id of ['ann', 'bob', 'cho']) {
      here.source.take(id, 'deleted');
      deeds.push(...(await here.deeds(await here.run('delta'))));
    }

    expect(deeds).toEqual(['deactivate ann done', 'deactivate bob done', 'deactivate cho held']);
  });
});

describe('nothing is lost between deltas:', () => {
  test('whoever’s operation failed is asked for again after an hour, though they have not changed', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('bob');
    here.sandbox.fault({ operation: 'create', times: 1, effect: { kind: 'status', status: 400 } });
    const failed = await here.run('delta');
    const atOnce = await here.run('delta');
    here.later(hour + 1_000);

    const later = await here.run('delta');

    expect([await here.deeds(failed), await here.deeds(atOnce), await here.deeds(later)]).toEqual([
      ['create bob failed'],
      [],
      ['create bob done'],
    ]);
  });

  test('whoever’s operation is overtaken is asked for again', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.put('ann', { mail: 'new@example.com' });
    const run = await here.conducted('delta');
    here.sandbox.editUser('ann@example.com', { email: 'hand@example.com' });
    await here.carryOut(run);

    const next = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['edit ann superseded']);
    expect(await here.deeds(next)).toEqual(['edit ann done']);
  });

  test('whoever is in conflict is looked at again as soon as something was done in the org', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob']) here.source.put(id);
    await here.run('full');
    // Bob gets Ann's address while she still has it; then she gets another.
    here.source.put('bob', { mail: 'ann@example.com' });
    await here.run('delta');
    here.source.put('ann', { mail: 'anna@example.com' });
    await here.run('delta');

    const run = await here.run('delta');

    expect(await here.deeds(run)).toEqual(['edit bob done']);
  });

  test('a delta that breaks off keeps its place, uses what came, and removes nobody', async () => {
    await using here = await stage();
    for (const id of ['ann', 'bob', 'cho']) here.source.put(id);
    await here.run('full');
    here.source.put('ann', { title: 'Anna' });
    here.source.take('bob', 'deleted');
    here.source.nextEnd('broken');

    const broken = await here.run('delta');
    const whole = await here.run('delta');

    expect(await summaryOf(here, broken)).toMatchObject({ incomplete: 'The connection was lost.' });
    expect(await here.deeds(broken)).toEqual(['edit ann done']);
    expect(await here.deeds(whole)).toEqual(['deactivate bob done']);
  });

  test('a stream of changes that ends without a word is one that broke off', async () => {
    await using here = await stage();
    here.source.put('ann');
    await here.run('full');
    here.source.take('ann', 'deleted');
    here.source.nextEnd('silence');

    expect(await here.deeds(await here.run('delta'))).toEqual([]);
    expect(await here.deeds(await here.run('delta'))).toEqual(['deactivate ann done']);
  });
});

describe('the whole source is read instead, and the run says so,', () => {
  test.each<[string, (here: Stage) => Promise<void> | void, string]>([
    ['where there was no complete reading yet', () => undefined, 'There is no complete reading yet'],
    [
      'where the only reading was incomplete',
      async (here) => {
        here.source.cutNextReading();
        await here.run('full');
      },
      'There is no complete reading yet',
    ],
    [
      'where the rules have changed',
      async (here) => {
        await here.run('full', 'apply', 'another');
      },
      'the rules have changed',
    ],
    [
      'where the cursor is lost',
      async (here) => {
        await here.run('full');
        here.source.nextEnd('cursor-lost');
      },
      'The server does not know the cursor any more.',
    ],
    [
      'where the source cannot tell',
      (here) => {
        Object.assign(here.source, { changes: undefined });
      },
      'This source cannot tell what has changed',
    ],
  ])('%s', async (_, prepare, why) => {
    await using here = await stage();
    for (const id of ['ann', 'bob']) here.source.put(id);
    await prepare(here);
    here.source.take('bob', 'out-of-view');

    const run = await here.run('delta');

    expect(await summaryOf(here, run)).toMatchObject({
      reading: 'full',
      incomplete: null,
      fallback: expect.stringContaining(why),
    });
    expect(here.sandbox.find('ann@example.com')?.profile.is_active).toBe(true);
    expect(here.sandbox.find('bob@example.com')?.profile.is_active ?? false).toBe(false);
  });
});

test('a cursor is kept with its plan, or not at all', async () => {
  await using here = await stage();
  here.source.put('ann');
  const { db } = here.engine.store;
  await here.run('full');
  const before = await cursorOf(db, people);
  here.source.put('bob');
  const run = await here.conducted('delta', 'plan');
  expect(await cursorOf(db, people)).toEqual(before);

  const applied = await here.run('delta');

  expect(run).not.toBe(applied);
  expect(await cursorOf(db, people)).toMatchObject({ run_id: applied, cursor: '2' });
});
