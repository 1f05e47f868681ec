/** How many operations are taken before their requests can go out. */

export interface Advance {
  /** How many may be without an answer at a time, those included whose request is under way. */
  readonly places: number;
  /** A request was answered. */
  answered(): void;
}

/** Nobody who pauses can hold back what was taken: about so long it may go on. */
const momentMs = 250;

/**
 * As many as were answered in the last quarter of a second: an API that is fast, and without a limit, must not wait for the
 * store, and what is taken in advance of a slow one, or under a limit, only waits longer.
 *
 * @param least - as many requests as there may be at a time
 * @param onPlaces - told whenever that may have changed
 * @param now - in milliseconds
 */
export function openAdvance(
  least: number,
  most: number,
  onPlaces: (places: number) => void,
  now: () => number = () => performance.now(),
): Advance {
  let places = least;
  let since = now();
  let answers = 0;

  return {
    get places() {
      return places;
    },
    answered() {
      answers += 1;
      const passed = now() - since;
      if (passed < momentMs) return;
      places = Math.min(most, Math.max(least, Math.round((answers * momentMs) / passed)));
      since += passed;
      answers = 0;
      onPlaces(places);
    },
  };
}
