/** How conflicts are called, and what settles them. */
import type { ConflictKind } from '../store/people/conflict.ts';
import type { RunFinding } from '../store/runs/runs.ts';

export const conflictTitles: Readonly<Record<ConflictKind, string>> = {
  'same-email-in-source': 'Two people of the source have one e-mail address',
  'several-profiles': 'Several profiles could be theirs',
  'profile-of-two-people': 'One profile could be that of two people',
  'email-held-by-other-person': "The profile with their e-mail address is somebody else's",
  'username-held-by-other-person': "The profile with their user name is somebody else's",
  'same-employee-number': 'Two people of the source have one employee number',
  'email-taken': 'A profile that is linked to nobody has their e-mail address',
  'deleted-in-org': 'Their profile was deleted in the org',
  'ruling-not-possible': 'An adoption that an operator asked for cannot be carried out',
};

/** An operator's word that settles a conflict, besides mending its cause, which each sentence names. */
export type Remedy =
  /** A profile is theirs; `once` says what has to be so before, or which one. */
  | { readonly kind: 'adopt'; readonly once?: string }
  /** They are left alone. */
  | { readonly kind: 'ignore' }
  /** An adoption is taken back. */
  | { readonly kind: 'unadopt' };

const adopt: Remedy = { kind: 'adopt' };
const ignore: Remedy = { kind: 'ignore' };
const afterTheHolder: Remedy = { kind: 'adopt', once: 'once its holder has left the source' };

export const remediesFor: Readonly<Record<ConflictKind, readonly Remedy[]>> = {
  'same-email-in-source': [ignore],
  'several-profiles': [adopt],
  'profile-of-two-people': [adopt],
  'email-held-by-other-person': [afterTheHolder, ignore],
  'username-held-by-other-person': [afterTheHolder, ignore],
  'same-employee-number': [afterTheHolder, ignore],
  'email-taken': [adopt],
  'deleted-in-org': [{ kind: 'adopt', once: 'another profile' }, ignore],
  'ruling-not-possible': [{ kind: 'unadopt' }],
};

/** The profile that an adoption would be of, where it is known. */
export const profileToAdopt = ({ conflict, profile_id }: RunFinding): string | undefined =>
  conflict === 'deleted-in-org' ? undefined : (profile_id ?? undefined);

/** The commands that settle one conflict, ready to be copied; `WHO` and `PROFILE_ID` where nobody knows them. */
export function remediesOf(finding: RunFinding): readonly string[] {
  const { conflict, anchor } = finding;
  if (conflict === null) return [];
  const who = anchor ?? 'WHO';
  return remediesFor[conflict].map((remedy) => {
    if (remedy.kind !== 'adopt') return `rollcall ${remedy.kind} ${who} --reason "..."`;
    const note = remedy.once === undefined ? '' : `   (${remedy.once})`;
    return `rollcall adopt ${who} --profile ${profileToAdopt(finding) ?? 'PROFILE_ID'} --reason "..."${note}`;
  });
}
