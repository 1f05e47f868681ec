import { type Profile, type ProfileAttributes, readOnlyAttributes } from '../../profile-api/index.ts';
import { isSameValue } from '../../reconcile/index.ts';
import { notKept, type Outcome, sentenceOfUnkept } from '../outcome.ts';
import type { Handler } from '../task.ts';

/** Makes a profile with a random password that nobody learns. Looks for it first where it may be there already. */
export const create: Handler = async ({ operation, lookup, mayHaveHappened, signal, send }) => {
  const email = operation.email ?? '';
  if (mayHaveHappened) {
    const answer = await lookup.byEmail(email);
    if (answer.kind === 'unsure') return stillUnknown(answer.reason);
    if (answer.kind === 'found') {
      const { profile } = answer;
      return created(
        profile,
        profile.userId,
        operation.desired,
        'An earlier try had made the profile; its answer was lost.',
      );
    }
  }

  const { userId, message } = await send((org) =>
    org.create({ ...operation.desired, is_active: true }, { signal }),
  );
  const profile = await lookup.newest({ userId, email });
  return created(profile, profile?.userId ?? userId, operation.desired, message);
};

/** What a creation comes to, by the profile as the org shows it. */
export const created = (
  profile: Profile | undefined,
  userId: Profile['userId'],
  applied: ProfileAttributes,
  message: string | undefined,
): Outcome => {
  const unkept = profile === undefined ? {} : notKept(changeable(applied), profile, isSameValue);
  const effect = { kind: 'linked', profileId: profile?.profileId, userId, origin: 'created' } as const;
  return {
    kind: 'done',
    message: sentenceOfUnkept(unkept) ?? message,
    effect: { ...effect, applied, unkept },
  };
};

const changeable = (attributes: ProfileAttributes): ProfileAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !readOnlyAttributes.has(name)));

const stillUnknown = (reason: string): Outcome => ({
  kind: 'again',
  message: `Whether the profile was made is not known yet. ${reason}`,
  afterMs: undefined,
  countsAsAttempt: true,
  mayHaveHappened: true,
});
