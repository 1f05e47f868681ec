/** A place in a directory's stream of changes, as text that only this connector reads. */
import { z } from 'zod';
import type { Cursor } from '../../connector.ts';

const place = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('content-sync'), cookie: z.string() }),
  /** The last change that was seen, and its own id. */
  z.strictObject({ by: z.literal('changelog'), number: z.int().nonnegative(), id: z.string() }),
  /** Another server has the same entries, perhaps later, and with older stamps. */
  z.strictObject({ by: z.literal('timestamps'), since: z.string(), url: z.string() }),
  z.strictObject({ by: z.literal('dirsync'), cookie: z.string(), root: z.string(), flags: z.int() }),
  z.strictObject({
    by: z.literal('usn'),
    usn: z.string().regex(/^\d+$/),
    /** Of the server's database: restored from a backup, or on another server, it has another one. */
    invocationId: z.string(),
    root: z.string(),
  }),
]);

export type Place = z.output<typeof place>;
export type Mechanism = Place['by'];

export const toCursor = (at: Place): Cursor => JSON.stringify(at) as Cursor;

/** @returns undefined where it is not one of ours, such as of another version */
export function placeOf(cursor: Cursor): Place | undefined {
  try {
    return place.parse(JSON.parse(cursor));
  } catch {
    return undefined;
  }
}
