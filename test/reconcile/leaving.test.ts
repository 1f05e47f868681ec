/** What each way of leaving leads to, by `lifecycle.leaver`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finding, operate, unchanged } from '../../src/reconcile/decision.ts';
import { type Treatment, treated, type WayOfLeaving } from '../../src/reconcile/leaving.ts';
import { person } from '../builders/people.ts';
import { after, hours, noon, policy } from '../builders/run.ts';

const ways: readonly (readonly [WayOfLeaving, string])[] = [
  ['disabled', 'lifecycle.leaver.disabled'],
  ['out-of-scope', 'lifecycle.leaver.outOfScope'],
  ['deleted', 'lifecycle.leaver.deleted'],
  ['absent', 'lifecycle.leaver.absent'],
];

const removal = (kind: 'deactivate' | 'purge' = 'deactivate') =>
  operate(kind, person(), undefined, 'They left.', { before: {}, after: {}, desired: {} });

/** Every other way would deactivate, or do nothing, so that none is taken for another. */
const only = (way: WayOfLeaving, treatment: Treatment) => {
  const others: Treatment = treatment.kind === 'deactivate' ? { kind: 'ignore' } : { kind: 'deactivate' };
  const { leaver } = policy();
  return {
    ...Object.fromEntries(Object.keys(leaver).map((key) => [key, others])),
    [way]: treatment,
  } as typeof leaver;
};

describe.each(ways)('whoever left in the way of %s', (way, key) => {
  test.each([
    'deactivate',
    'purge',
  ] as const)('is treated at once where nothing else is configured (%s)', (kind) => {
    const decision = removal(kind);

    expect(treated(decision, way, noon, noon, only(way, { kind: 'deactivate' }))).toEqual({ decision });
  });

  test.each([
    'deactivate',
    'purge',
  ] as const)('is told where that is ignored, and left alone (%s)', (kind) => {
    expect(treated(removal(kind), way, noon, noon, only(way, { kind: 'ignore' }))).toEqual({
      decision: finding('left', person(), `They left. Nothing is done about it (${key}: ignore).`),
    });
  });

  test('waits for as long as is configured, and not a millisecond longer', () => {
    const spans = fc.integer({ min: 1, max: hours(24 * 365) });
    fc.assert(
      fc.property(spans, spans, (ms, waited) => {
        const now = after(noon, waited);
        const due = after(noon, ms);

        const ran = treated(removal(), way, noon, now, only(way, { kind: 'after', ms }));

        const reason = `They left. It counts since ${noon.toISOString()}, and they are deactivated after ${due.toISOString()} if it stays so (${key}).`;
        expect(ran).toEqual(
          waited < ms ? { decision: finding('waiting', person(), reason), due } : { decision: removal() },
        );
      }),
      {
        examples: [
          [hours(1), hours(1)],
          [hours(1), hours(1) - 1],
        ],
      },
    );
  });

  test.each([
    ['nothing is to be done', unchanged],
    ['something is told', finding('waiting', person(), 'They wait.')],
    [
      'they are changed and not removed',
      operate('edit', person(), undefined, 'x', { before: {}, after: {}, desired: {} }),
    ],
  ])('is as before where %s', (_what, decision) => {
    expect(treated(decision, way, noon, noon, only(way, { kind: 'ignore' }))).toEqual({ decision });
  });
});
