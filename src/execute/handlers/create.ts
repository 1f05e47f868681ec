import type { Outcome } from '../outcome.ts';
import type { Handler } from '../task.ts';

/** Makes a profile with a random password that nobody learns. Looks for it first where it may be there already. */
export const create: Handler = async ({ operation, api, lookup, mayHaveHappened, signal, send }) => {
  const email = operation.email ?? '';
  if (mayHaveHappened) {
    const answer = await lookup.byEmail(email, signal);
    if (answer.kind === 'unsure') return stillUnknown(answer.reason);
    if (answer.kind === 'found') {
      const { profileId, userId } = answer.profile;
      return created(
        profileId,
        userId,
        operation.desired,
        'An earlier try had made the profile; its answer was lost.',
      );
    }
  }

  const { userId, message } = await send(() =>
    api.create({ ...operation.desired, is_active: true }, { signal }),
  );
  const profile = await api.findNewest({ userId, email }, signal);
  return created(profile?.profileId, profile?.userId ?? userId, operation.desired, message);
};

type Linked = Extract<Extract<Outcome, { kind: 'done' }>['effect'], { kind: 'linked' }>;

const created = (
  profileId: Linked['profileId'],
  userId: Linked['userId'],
  applied: Linked['applied'],
  message: string | undefined,
): Outcome => ({
  kind: 'done',
  message,
  effect: { kind: 'linked', profileId, userId, origin: 'created', applied, unkept: {} },
});

const stillUnknown = (reason: string): Outcome => ({
  kind: 'again',
  message: `Whether the profile was made is not known yet. ${reason}`,
  afterMs: undefined,
  countsAsAttempt: true,
  mayHaveHappened: true,
  slowDownMs: undefined,
});
