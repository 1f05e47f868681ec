import type { Member } from '../identity/index.ts';
import { planInvitation } from '../plan/index.ts';
import type { RunId } from '../store/operations/operation.ts';
import type { Acting } from './acting.ts';
import { personNamed } from './named-person.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { PersonWord } from './rulings.ts';

/**
 * Releases one more invitation for somebody who has not accepted. Whoever calls sees to it that it is dispatched.
 *
 * @throws {PlanError} where they can't be invited again
 * @throws {SourceError} where a source can't be read
 */
export async function inviteNamed(
  { engine, actor }: Acting,
  { who, source, reason }: PersonWord,
  signal: AbortSignal,
): Promise<{ readonly kind: 'released'; readonly run: RunId; readonly member: Member } | Refusal> {
  const found = await personNamed(engine, { who, source }, signal);
  if (found.kind === 'refused') return found;
  const { named, member } = found;
  if (member === undefined)
    return refuse(
      'not-now',
      `${named.label} does not belong in the org by the word of ${named.source}, or their record can't be used: nobody is invited.`,
    );
  const { onboard, invite } = engine.config.lifecycle;
  const policy = { onboard, atMost: invite.atMost };
  const word = { actor, reason };
  const run = await planInvitation(engine.store.db, named.source, member, word, policy, new Date());
  return { kind: 'released', run, member };
}
