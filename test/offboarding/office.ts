/** Words of HR and of operators, said in an installation. */
import type { Answer, Word } from '../../src/offboarding/index.ts';
import type { DepartureRecord } from '../../src/store/departures/departure.ts';
import { departuresInForce, standingDepartures } from '../../src/store/departures/departures.ts';
import { type Installation, people } from '../engine/installation.ts';

export type Cause = 'operator' | 'hr-event' | 'hr-file';

/** Says that somebody left. */
export async function sayLeft(
  here: Installation,
  name: string,
  { at, cause = 'hr-event' }: { readonly at?: string; readonly cause?: Cause } = {},
): Promise<Answer> {
  const when = at === undefined ? ({ kind: 'now' } as const) : ({ kind: 'text', text: at } as const);
  return await say(
    here,
    { kind: 'left', who: { kind: 'any', name }, when, reason: 'It ended.', eventId: 'e-1' },
    cause,
  );
}

export async function sayReturns(
  here: Installation,
  name: string,
  cause: Cause = 'hr-event',
): Promise<Answer> {
  return await say(here, { kind: 'returns', who: { kind: 'any', name }, reason: 'Back.' }, cause);
}

const say = (here: Installation, word: Word, cause: Cause): Promise<Answer> =>
  here.engine.desk.take(word, {
    cause,
    actor: cause === 'operator' ? 'cli:anna' : 'hr',
    arrivedAt: new Date(),
  });

export const standing = (here: Installation): Promise<readonly DepartureRecord[]> =>
  standingDepartures(here.engine.store.db, [people]);

export const inForce = (here: Installation) => departuresInForce(here.engine.store.db, people, new Date());
