/** One step along the chain: whether an entry is the next one, as it was written. Pure. */
import { type HashedPart, hashOf } from './entry.ts';

/** A place in the chain: the last entry up to which all is well. */
export interface ChainPoint {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first entry. */
export const chainStart: ChainPoint = { seq: 0, hash: '' };

/** Where the chain is not as it was written, and what is wrong there. */
export interface Break {
  readonly kind: 'broken';
  readonly at: number;
  readonly sentence: string;
}

export const brokenAt = (at: number, sentence: string): Break => ({ kind: 'broken', at, sentence });

export type ChainEntry = HashedPart & { readonly hash: string };

/** The place after `entry`, if it follows `from` and was not changed. */
export function follow(from: ChainPoint, entry: ChainEntry): ChainPoint | Break {
  const seq = Number(entry.seq);
  if (seq <= from.seq) return brokenAt(seq, `Entry ${seq} comes after entry ${from.seq}: it was moved.`);
  if (seq !== from.seq + 1) {
    const missing =
      seq === from.seq + 2 ? `Entry ${from.seq + 1} is` : `Entries ${from.seq + 1} to ${seq - 1} are`;
    return brokenAt(from.seq + 1, `${missing} missing from the audit log.`);
  }
  if (entry.prev_hash !== from.hash)
    return brokenAt(seq, `Entry ${seq} does not follow entry ${from.seq}: one of them was exchanged.`);
  if (hashOf(entry) !== entry.hash)
    return brokenAt(
      seq,
      `Entry ${seq} was changed after it was written: its hash is not that of its content.`,
    );
  return { seq, hash: entry.hash };
}

export const isBroken = (step: ChainPoint | Break): step is Break => 'kind' in step;
