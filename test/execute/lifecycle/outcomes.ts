/** Every way in which a try can end. */
import type { Outcome } from '../../../src/execute/outcome.ts';
import type { Operation } from '../../../src/store/operations/operations.ts';
import { profile } from '../../builders/org.ts';

export interface Ending {
  /** @param isSent - whether a request may have had its effect */
  outcome(operation: Operation, isSent: boolean): Outcome;
  toJSON(): string;
}

const ending = (name: string, outcome: Ending['outcome']): Ending => ({ outcome, toJSON: () => name });

const again = (afterMs: number | undefined, countsAsAttempt: boolean, mayHaveHappened: boolean): Outcome => ({
  kind: 'again',
  message: 'The server is busy.',
  afterMs,
  countsAsAttempt,
  mayHaveHappened,
});

export const outcomes: readonly Ending[] = [
  ending('done', (operation) => ({ kind: 'done', message: undefined, effect: effectOf(operation) })),
  ending('superseded', () => ({ kind: 'superseded', message: 'It was changed by hand.' })),
  ending('failed', () => ({ kind: 'failed', message: 'The server does not take it.' })),
  ending('licence-full', () => ({ kind: 'licence-full', message: 'No seat is left.' })),
  ending('stop', () => ({ kind: 'stop', message: 'The key was refused.' })),
  ending('again', (_operation, isSent) => again(undefined, true, isSent)),
  ending('again, nothing was sent', () => again(undefined, true, false)),
  ending('again, rate limited', (_operation, isSent) => again(3_600_000, false, isSent)),
];

function effectOf({ kind, anchor, email, desired }: Operation): Extract<Outcome, { kind: 'done' }>['effect'] {
  const isActive = kind !== 'deactivate';
  const shown = profile({ id: `P-${anchor}`, email: email ?? '', isActive });
  if (kind === 'create' || kind === 'invite' || kind === 'adopt') {
    const origin = kind === 'create' ? 'created' : kind === 'invite' ? 'invited' : 'adopted';
    const { profileId, userId } = shown;
    return { kind: 'linked', profileId, userId, origin, applied: desired, unkept: {} };
  }
  const blocked = kind === 'deactivate' ? 'ours' : kind === 'reactivate' ? 'lifted' : undefined;
  return { kind: 'changed', profile: shown, applied: desired, unkept: {}, blocked };
}
