/**
 * What a reading told on half knowledge, such as a role by groups that were not read wholly: it is neither set nor taken
 * back. Pure.
 */
import type { Anchor } from '../identity/identity.ts';
import type { ProfileAttributes } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import { type Decision, type Finding, finding, type ProposedOperation } from './decision.ts';
import { whatDiffers } from './mover.ts';

/** The attributes of which a reading could not tell the whole. */
export interface UnknownAttributes {
  /** Profile attributes of which no value counts. */
  readonly names: readonly string[];
  /** Why, in sentences. */
  readonly reason: string;
}

/** The decision as it is without what nobody can know; whoever would only have been edited for it is left as they are. */
export function withoutUnknown(
  decision: Decision,
  unknown: UnknownAttributes | undefined,
  linkOf: (anchor: Anchor) => Pick<Link, 'applied'> | undefined,
): Decision {
  if (unknown === undefined || decision.kind !== 'operate') return decision;
  const { operation } = decision;
  const names = concerned(operation, unknown);
  if (names.length === 0) return decision;
  const after = without(operation.after, names);
  const isIdle = operation.kind === 'edit' && Object.keys(after).length === 0;
  // Without an address there is nothing to look for, and nothing to make.
  if (isIdle || names.includes('email'))
    return finding('waiting', operation, `${names.join(', ')} ${staysAsItIs(names, unknown)}`);
  const applied = linkOf(operation.anchor)?.applied ?? {};
  // A PUT carries what was last applied, so that it clears nothing.
  const kept = Object.fromEntries(Object.entries(applied).filter(([name]) => names.includes(name)));
  return {
    kind: 'operate',
    operation: {
      ...operation,
      reason: operation.kind === 'edit' ? whatDiffers(after) : operation.reason,
      before: without(operation.before, names),
      after,
      desired: { ...without(operation.desired, names), ...kept },
    },
  };
}

/** What is to be said of an operation that goes on without what nobody can know; undefined where all is known. */
export function remarkOnUnknown(
  decision: Decision,
  unknown: UnknownAttributes | undefined,
): Finding | undefined {
  if (unknown === undefined || decision.kind !== 'operate') return undefined;
  const { operation } = decision;
  const names = concerned(operation, unknown);
  const { anchor, label, email } = operation;
  const isLeft = Object.keys(without(operation.after, names)).length === 0 && operation.kind === 'edit';
  if (names.length === 0 || isLeft || names.includes('email')) return undefined;
  const reason = `The ${operation.kind} goes on without ${names.join(', ')}, which ${staysAsItIs(names, unknown)}`;
  return { kind: 'waiting', anchor, label, email, reason };
}

/** The claim without what the reading told on half knowledge. */
export function claimAsKnown<Made extends { readonly offers: ProfileAttributes }>(
  claim: Made,
  unknown: UnknownAttributes | undefined,
): Made & { readonly unknown: readonly string[] } {
  const names = unknown?.names ?? [];
  const offers = Object.entries(claim.offers).filter(([attribute]) => !names.includes(attribute));
  return { ...claim, offers: Object.fromEntries(offers), unknown: names };
}

/** What the operation would set and nobody can know. Removals set nothing. */
const concerned = ({ after }: ProposedOperation, { names }: UnknownAttributes): readonly string[] =>
  names.filter((name) => Object.hasOwn(after, name));

const without = (attributes: ProfileAttributes, names: readonly string[]): ProfileAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));

const staysAsItIs = (names: readonly string[], { reason }: UnknownAttributes): string =>
  names.length === 1
    ? `depends on groups, and stays as it is until they can be read wholly. ${reason}`
    : `depend on groups, and stay as they are until these can be read wholly. ${reason}`;
