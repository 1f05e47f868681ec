/** The configuration's word on what each event of a working life leads to, as a reconciliation takes it. */
import type { Config } from '../../config/schema.ts';
import type { Rules, SourceId } from '../identity/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import { emailKey, type LeaverPolicy, type Policy, type Treatment } from '../reconcile/index.ts';

/** @param ownProfile - of the API key; undefined where nobody is looked at */
export function policyOf(
  {
    lifecycle,
    guards,
    correlation,
    sources,
    precedence,
  }: Pick<Config, 'lifecycle' | 'guards' | 'correlation' | 'sources' | 'precedence'>,
  { authority }: Pick<Rules, 'authority'>,
  ownProfile: ProfileId | undefined,
  now: Date,
): Policy {
  return {
    onboard: lifecycle.onboard,
    invite: {
      again: lifecycle.invite.again,
      expiresMs: lifecycle.invite.expires,
      atMost: lifecycle.invite.atMost,
    },
    joinEarly: { ms: lifecycle.joinEarly, before: new Date(now.getTime() + lifecycle.joinEarly) },
    reactivate: lifecycle.reactivate,
    deletedInOrg: lifecycle.deletedInOrg,
    correlation,
    handOver: lifecycle.handOver,
    sources: sources.map(({ id }) => id as SourceId),
    authority,
    precedence: precedenceOf({ precedence }),
    graceMs: graceOf(lifecycle),
    leaver: leaverPolicyOf(lifecycle),
    exempts: lifecycle.exempt.length > 0,
    protected: new Set(guards.protected.flatMap((name) => [name, emailKey(name)])),
    ownProfile,
    purgeBefore:
      lifecycle.purgeAfter === undefined ? undefined : new Date(now.getTime() - lifecycle.purgeAfter),
  };
}

/** By profile attribute, the sources in the order in which their values count. */
export const precedenceOf = ({ precedence }: Pick<Config, 'precedence'>): Policy['precedence'] =>
  new Map(Object.entries(precedence).map(([attribute, order]) => [attribute, order as SourceId[]]));

type Lifecycle = Config['lifecycle'];

/** How long somebody must be missing: `leaver.absent` goes before `grace`. Who is ignored then is so from the first day. */
function graceOf({ grace, leaver: { absent } }: Lifecycle): number {
  if (absent === undefined) return grace;
  return typeof absent === 'string' ? 0 : absent.after;
}

function leaverPolicyOf({ leaver }: Lifecycle): LeaverPolicy {
  return {
    disabled: treatmentOf(leaver.disabled),
    'out-of-scope': treatmentOf(leaver.outOfScope),
    deleted: treatmentOf(leaver.deleted),
    // The time for which they must be missing is the grace time.
    absent: leaver.absent === 'ignore' ? { kind: 'ignore' } : { kind: 'deactivate' },
  };
}

const treatmentOf = (written: Lifecycle['leaver']['disabled']): Treatment =>
  typeof written === 'string' ? { kind: written } : { kind: 'after', ms: written.after };
