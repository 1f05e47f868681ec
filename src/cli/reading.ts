/** How far a reading is, for a bar. */
import { isWithin } from '../store/runs/reading-progress.ts';
import type { ReadSoFar } from '../store/schema.ts';
import type { ProgressUpdate } from './render/index.ts';

/** @param expected - what the last whole reading came to, by which the time left can be told */
export function readingUpdate(
  { identities, profiles }: ReadSoFar,
  expected: ReadSoFar | null | undefined,
): ProgressUpdate {
  const done = identities + profiles;
  if (!isWithin({ identities, profiles }, expected))
    return { done, text: `${identities} people of the source, ${profiles} profiles of the org` };
  return { done, total: expected.identities + expected.profiles, text: 'people and profiles' };
}
