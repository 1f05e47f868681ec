/** How conflicts are called, and what settles them. */
import type { ConflictKind } from '../store/conflict.ts';
import type { RunFinding } from '../store/runs.ts';

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

/** Besides mending the cause, which each sentence names; `WHO` and `PROFILE` are filled in where they are known. */
const remedies: Readonly<Record<ConflictKind, readonly string[]>> = {
  'same-email-in-source': ['rollcall ignore WHO --reason "..."'],
  'several-profiles': ['rollcall adopt WHO --profile PROFILE --reason "..."'],
  'profile-of-two-people': ['rollcall adopt WHO --profile PROFILE --reason "..."'],
  'email-held-by-other-person': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (once its holder has left the source)',
    'rollcall ignore WHO --reason "..."',
  ],
  'username-held-by-other-person': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (once its holder has left the source)',
    'rollcall ignore WHO --reason "..."',
  ],
  'same-employee-number': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (once its holder has left the source)',
    'rollcall ignore WHO --reason "..."',
  ],
  'email-taken': ['rollcall adopt WHO --profile PROFILE --reason "..."'],
  'deleted-in-org': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (another profile)',
    'rollcall ignore WHO --reason "..."',
  ],
  'ruling-not-possible': ['rollcall unadopt WHO --reason "..."'],
};

/** The commands that settle one conflict, ready to be copied. */
export function remediesOf({ conflict, anchor, profile_id }: RunFinding): readonly string[] {
  if (conflict === null) return [];
  const profile = conflict === 'deleted-in-org' ? null : profile_id;
  return remedies[conflict].map((text) =>
    text.replace('WHO', anchor ?? 'WHO').replace('PROFILE', profile ?? 'PROFILE_ID'),
  );
}
