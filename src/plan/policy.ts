/** The configuration's word on what each event of a working life leads to, as a reconciliation takes it. */
import type { Config } from '../../config/schema.ts';
import type { Rules, SourceId } from '../identity/index.ts';
import type { ProfileId } from '../profile-api/index.ts';
import { emailKey, type Policy } from '../reconcile/index.ts';

/** @param ownProfile - of the API key; undefined where nobody is looked at */
export function policyOf(
  {
    lifecycle,
    guards,
    correlation,
    sources,
  }: Pick<Config, 'lifecycle' | 'guards' | 'correlation' | 'sources'>,
  { authority }: Rules,
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
    reactivate: lifecycle.reactivate,
    deletedInOrg: lifecycle.deletedInOrg,
    correlation,
    handOver: lifecycle.handOver,
    sources: sources.map(({ id }) => id as SourceId),
    authority,
    graceMs: lifecycle.grace,
    protected: new Set(guards.protected.flatMap((name) => [name, emailKey(name)])),
    ownProfile,
    purgeBefore:
      lifecycle.purgeAfter === undefined ? undefined : new Date(now.getTime() - lifecycle.purgeAfter),
  };
}
