/** How many operations a worker has in its hands: more than there may be requests, so that the API does not wait for the store. */
import { openAdvance } from './advance.ts';
import { openPlaces } from './places.ts';

/** For each request that may be under way: the more come together, the fewer looks and statements each takes. */
const inHandPerRequest = 32;
/** Of those, how many may not have had their effect yet, at most: see `openAdvance`. */
const unansweredPerRequest = 8;

export interface Hands {
  /**
   * Carries out an operation once there is a hand for it.
   *
   * @param kind - a leaver's is next, and has hands of its own
   * @param work - tells as soon as its effect has happened
   */
  take(kind: string, work: (onAnswered: () => void) => Promise<void>): Promise<void>;
  /** Who has been taken and has not had their effect yet. */
  readonly toBeAnswered: number;
  /** How many may be without an answer at a time. */
  readonly inAdvance: number;
  /** While it is felt out whether the API copes, nothing is taken in advance. @param places - requests at a time */
  feel(places: number): void;
}

/** @param concurrency - requests at a time, when all is well */
export function openHands(concurrency: number): Hands {
  const hands = openPlaces(concurrency * inHandPerRequest, concurrency);
  const unanswered = openPlaces(concurrency, concurrency);
  // Of an invitation in the hands of a worker that dies nobody knows whether it was sent.
  const mails = openPlaces(concurrency);
  let isFeeling = false;
  const advance = openAdvance(concurrency, concurrency * unansweredPerRequest, (places) => {
    if (!isFeeling) unanswered.setMost(places);
  });

  return {
    take(kind, work) {
      const urgency = kind === 'deactivate' ? 'urgent' : 'normal';
      const sendMail = () => mails.use(() => work(() => {}));
      const haveEffect = () =>
        unanswered.use((leave) => {
          const onAnswered = (): void => {
            advance.answered();
            leave();
          };
          return work(onAnswered);
        }, urgency);
      return hands.use(kind === 'invite' ? sendMail : haveEffect, urgency);
    },
    get toBeAnswered() {
      return unanswered.taken;
    },
    get inAdvance() {
      return advance.places;
    },
    feel(places) {
      isFeeling = places < concurrency;
      hands.setMost(isFeeling ? places : concurrency * inHandPerRequest);
      unanswered.setMost(isFeeling ? places : advance.places);
    },
  };
}
