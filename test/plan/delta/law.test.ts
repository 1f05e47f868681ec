/** The law of deltas: they are sooner than whole readings, and come to nothing else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linksOf } from '../../../src/store/people/links.ts';
import { runOf } from '../../../src/store/runs/runs.ts';
import { trustedReading } from '../../../src/store/sources/trusted-readings.ts';
import { people } from '../../engine/installation.ts';
import { type Stage, stage } from './stage.ts';

const names = ['ann', 'bob', 'cho', 'dan'] as const;
const name = fc.constantFrom(...names);

/** What happens in the directory between two runs. */
type Event =
  | { readonly kind: 'put'; readonly who: string; readonly title: string; readonly address: string }
  | { readonly kind: 'take'; readonly who: string; readonly as: 'deleted' | 'out-of-view' | 'silently' }
  | { readonly kind: 'left'; readonly who: string };

interface Step {
  readonly events: readonly Event[];
  /** How the reading of changes after them ends. */
  readonly end: 'well' | 'broken' | 'cursor-lost' | 'silence';
}

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('put'),
      who: name,
      title: fc.constantFrom('Clerk', 'Head'),
      address: fc.constantFrom('first', 'second'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('take'),
      who: name,
      as: fc.constantFrom('deleted', 'out-of-view', 'silently'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('left'), who: name }) },
);

const step: fc.Arbitrary<Step> = fc.record({
  events: fc.array(event, { minLength: 1, maxLength: 3 }),
  end: fc.oneof(
    { weight: 4, arbitrary: fc.constant('well' as const) },
    { weight: 1, arbitrary: fc.constantFrom('broken', 'cursor-lost', 'silence') },
  ),
});

/** Each case has people of its own, so that all of them can share an installation. */
const idOf = (round: number, who: string): string => `${who}-${round}`;

function happen({ source }: Stage, round: number, one: Event): void {
  const id = idOf(round, one.who);
  switch (one.kind) {
    case 'put': {
      const mail = one.address === 'first' ? `${id}@example.com` : `${id}@example.org`;
      source.put(id, { title: one.title, mail });
      break;
    }
    case 'take':
      source.take(id, one.as);
      break;
    case 'left':
      source.put(id, { employeeType: 'left' });
      break;
    default:
      one satisfies never;
  }
}

/** What all the runs have come to, for the people of one case. */
async function outcome({ engine, sandbox }: Stage, round: number) {
  const links = await linksOf(engine.store.db, people);
  return links
    .filter(({ anchor }) => anchor.endsWith(`-${round}`))
    .map(({ anchor, profileId, email, applied, absentSince, deactivatedByUs }) => {
      const user = profileId === undefined ? undefined : sandbox.find(profileId);
      const profile = { address: user?.profile.email, isActive: user?.profile.is_active, rest: user?.extras };
      // Nobody looks after those whose profile is inactive, so when they went is noted or not, as it comes.
      const isAbsent = user?.profile.is_active === true && absentSince !== undefined;
      return { anchor, email, applied, isAbsent, deactivatedByUs, profile };
    })
    .sort((one, other) => one.anchor.localeCompare(other.anchor));
}

/** Whose profiles a run has blocked. */
const deactivated = (deeds: readonly string[]): readonly string[] =>
  deeds.filter((deed) => deed.startsWith('deactivate ')).flatMap((deed) => deed.split(' ')[1] ?? []);

const config = {
  config: {
    guards:
      '{ maxDeactivations: { count: 1000, percent: 100 }, maxEdits: { count: 1000 }, maxBlanked: { count: 1000 } }',
    mapping: '{ email: mail, username: mail, name: cn, organization_role: title }',
  },
  sandbox: { roles: ['Clerk', 'Head'] },
};

test('whatever changes, deltas and one whole reading after them come to the same as whole readings alone', async () => {
  await using byDeltas = await stage(config);
  await using byWholes = await stage(config);
  const { db } = byDeltas.engine.store;
  let round = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), async (steps) => {
      round += 1;
      for (const here of [byDeltas, byWholes]) {
        for (const who of names.slice(0, 3)) here.source.put(idOf(round, who), { title: 'Clerk' });
        await here.run('full');
      }
      // Who is away without a word; of them only a whole reading may say so.
      const silent = new Set<string>();
      for (const { events, end } of steps) {
        for (const one of events) {
          const id = idOf(round, one.who);
          // Whoever is away already went with a word, or is among the silent.
          const goesSilently = one.kind === 'take' && one.as === 'silently' && byDeltas.source.has(id);
          happen(byDeltas, round, one);
          happen(byWholes, round, one);
          if (goesSilently) silent.add(id);
          else if (one.kind !== 'take' || one.as !== 'silently') silent.delete(id);
        }
        const before = await trustedReading(db, people);
        if (end !== 'well') byDeltas.source.nextEnd(end);
        const run = await byDeltas.run('delta');
        await byWholes.run('full');

        const summary = (await runOf(db, run))?.summary;
        const blocked = deactivated(await byDeltas.deeds(run));
        if (summary?.reading === 'delta') {
          // Whoever was asked for and not found was looked up: that is no mere absence from what has changed.
          const asked = byDeltas.source.asked.findLast((one) => one.startsWith('changes'))?.split(' ') ?? [];
          for (const id of silent) if (!asked.includes(id)) expect(blocked).not.toContain(id);
          if (summary.incomplete !== null) expect(blocked).toEqual([]);
          expect(await trustedReading(db, people)).toEqual(before);
        } else {
          expect(summary?.fallback).toContain('The whole source was read in place of its changes.');
          silent.clear();
        }
      }

      await byDeltas.run('full');
      await byWholes.run('full');

      expect(await outcome(byDeltas, round)).toEqual(await outcome(byWholes, round));
      expect(await byDeltas.deeds(await byDeltas.run('full'))).toEqual([]);
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
