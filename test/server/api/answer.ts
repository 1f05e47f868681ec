/** Reads what is at a place of an answer; where it is not there, the test fails with a sentence that names the place. */
import { z } from 'zod';

/** The keys and indexes that lead to it, such as `'runs', 0, 'id'`. */
type Place = readonly (string | number)[];

/**
 * @returns what is there, be it `null`
 * @throws where nothing is
 */
export function at(answer: unknown, ...place: Place): unknown {
  let here = answer;
  for (const step of place) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step))
      throw missing('Nothing', answer, place);
    here = Reflect.get(here, step);
  }
  return here;
}

/** @throws where no text is */
export function textAt(answer: unknown, ...place: Place): string {
  const found = at(answer, ...place);
  if (typeof found !== 'string') throw missing('No text', answer, place);
  return found;
}

/** @throws where no list is */
export function listAt(answer: unknown, ...place: Place): readonly unknown[] {
  const found = at(answer, ...place);
  if (!Array.isArray(found)) throw missing('No list', answer, place);
  return found;
}

/** @throws where no object is */
export function objectAt(answer: unknown, ...place: Place): Readonly<Record<string, unknown>> {
  const found = z.record(z.string(), z.unknown()).safeParse(at(answer, ...place));
  if (!found.success) throw missing('No object', answer, place);
  return found.data;
}

function missing(what: string, answer: unknown, place: Place): Error {
  const where = place.map((step) => `/${step}`).join('') || 'its top';
  return new Error(`${what} is at ${where} of the answer ${JSON.stringify(answer)}.`);
}
