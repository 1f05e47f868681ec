/** What operators said about single people, followed. Pure. */
import type { Member } from '../identity/person.ts';
import type { Ruling } from '../store/people/ruling.ts';
import { conflict, type Decision, finding } from './decision.ts';
import type { Holding } from './holding.ts';
import { takeOver } from './succession.ts';
import type { LinkedProfile, Surroundings } from './surroundings.ts';

export type Adoption = Extract<Ruling, { kind: 'adopt' }>;

/** Such as `cli:anna said so: "She has married."` */
export const wordOf = ({ actor, reason }: Pick<Ruling, 'actor' | 'reason'>): string =>
  `${actor} said so: ${JSON.stringify(reason)}`;

/** Somebody of whom an operator said which profile is theirs: adopted, unless it can't be or must not be. */
export function decideRuled(
  member: Member,
  ruling: Adoption,
  ruled: LinkedProfile,
  holding: Holding,
  around: Surroundings,
): Decision {
  const { profileId: id } = ruling;
  const notPossible = (why: string): Decision =>
    conflict('ruling-not-possible', id, member, `Profile ${id} is to be theirs (${wordOf(ruling)}). ${why}`);

  if (ruled.kind === 'deleted') return notPossible('But it is not in the org any more.');
  if (id === around.policy.ownProfile)
    return notPossible("But it is the account of Rollcall's own API key, which is never changed.");
  if (holding.kind === 'held') return notPossible(holding.reason);
  if (holding.kind === 'unknown') {
    const reason = `Profile ${id} is to be theirs (${wordOf(ruling)}). They wait: ${holding.reason}`;
    return finding('waiting', member, reason);
  }

  const from = holding.kind === 'released' ? holding.holder : undefined;
  const handover =
    from === undefined ? '' : ` It was that of ${from.label}, who is gone; that tie ends with this.`;
  return takeOver(
    member,
    ruled.profile,
    `This profile is theirs: ${wordOf(ruling)}.${handover}`,
    from,
    around,
  );
}

/** Whatever there was to do about somebody who is to be left alone: it is told, and not done. */
export function leftAlone(ruling: Ruling, decision: Decision): Decision {
  const word = `They are left alone (${wordOf(ruling)}); \`rollcall unignore\` ends that.`;
  const left =
    decision.kind === 'operate' && decision.operation.kind === 'deactivate'
      ? `${decision.operation.reason} They would be deactivated. `
      : '';
  return finding('left', ruling, `${left}${word}`);
}
