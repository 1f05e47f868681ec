/** Whether somebody can lose the profile that they have to somebody else. Pure. */
import type { ProfileId } from '../profile-api/profile.ts';
import type { Known } from './known.ts';
import type { Holder } from './org.ts';
import type { Answers } from './reconciliation.ts';
import type { Sightings } from './sightings.ts';
import { isGone } from './withheld.ts';

/** Who has a profile now that is to be somebody else's, and whether they can lose it. */
export type Holding =
  | { readonly kind: 'free' }
  /** They are gone, or have left by the source's word. */
  | { readonly kind: 'released'; readonly holder: Holder }
  | { readonly kind: 'held'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export function holdingOf(id: ProfileId, known: Known, seen: Sightings, answers: Answers): Holding {
  const holder = known.holderOf(id);
  if (holder === undefined) return { kind: 'free' };
  const held = (why: string): Holding => ({
    kind: 'held',
    reason: `But it is that of ${holder.label}, ${why}`,
  });
  if (holder.source !== known.world.source || !known.links.has(holder.anchor))
    return held(`of source ${holder.source}. Let one source alone have this person in its scope.`);
  if (known.isIgnored(holder.anchor)) return held('who is to be left alone (`rollcall unignore` ends that).');
  const unknown = (reason: string): Holding => ({ kind: 'unknown', reason });
  switch (seen.seenAs(holder.anchor)) {
    case 'member':
      return held('who is there and active in the source. Mend it there first.');
    case 'leaver':
      return { kind: 'released', holder };
    case 'skipped':
      return unknown(`the record of ${holder.label}, who has the profile now, can't be used.`);
  }
  const absence = answers.absences.get(holder.anchor);
  if (absence !== undefined && isGone(absence)) return { kind: 'released', holder };
  if (absence?.kind === 'still-there') return held('who is there when asked for by their id.');
  const why = absence?.reason ?? answers.incomplete ?? 'The source gave no answer.';
  return unknown(`nobody can say whether ${holder.label}, who has the profile now, is gone. ${why}`);
}
