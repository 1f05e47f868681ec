/** Keeps a plan from taking the org's last active administrator away (promise 3). */
import type { Config } from '../../config/schema.ts';
import type { Profile, ProfileId } from '../profile-api/index.ts';
import {
  administratorRule,
  isAdministrator,
  type Org,
  type ProposedOperation,
  type Reconciliation,
} from '../reconcile/index.ts';
import { linkedAdministrators, profilesOnTheirWayOut } from '../store/people/administrators.ts';
import type { PlanMeans } from './plan-means.ts';
import { readOrg } from './reading/read-org.ts';

/** They may go as soon as somebody else administers the org, which a delta does not tell. */
const recheckMs = 3_600_000;

/**
 * Where all who administer the org would go, one of them is kept, and named. Those whose deactivation another run has released
 * count as gone already.
 *
 * @param listed - the org's users, where the run has them
 */
export async function withoutLastAdministrator(
  reconciliation: Reconciliation,
  listed: Org | undefined,
  { db, api, config, signal, now }: Pick<PlanMeans, 'db' | 'api' | 'config' | 'signal' | 'now'>,
): Promise<Reconciliation> {
  const going = administratorsAmong(reconciliation.operations, listed, config.guards);
  if (going.length === 0) return reconciliation;

  const profiles = listed?.profiles() ?? (await readOrg(api, signal, () => undefined)).profiles;
  const rule = administratorRule(config.guards);
  const linked = new Set(await linkedAdministrators(db, rule));
  const own = await api.whoAmI(signal);
  const isOne = ({ profileId, email }: Profile): boolean =>
    isAdministrator(rule, { profileId, emails: [email], applied: {} }) ||
    (linked.has(profileId) && profileId !== own.profileId);
  const leaving = new Set<ProfileId | undefined>(await profilesOnTheirWayOut(db));
  for (const { profileId } of going) leaving.add(profileId);
  const isSure = Iterator.from(profiles).some(
    (profile) => profile.isActive && !leaving.has(profile.profileId) && isOne(profile),
  );
  if (isSure) return reconciliation;

  const [kept] = [...going].sort((one, other) => one.anchor.localeCompare(other.anchor));
  if (kept === undefined) return reconciliation;
  const { anchor, label, email } = kept;
  return {
    ...reconciliation,
    operations: reconciliation.operations.filter((operation) => operation !== kept),
    findings: [...reconciliation.findings, { kind: 'left', anchor, label, email, reason: isLast }],
    revisits: [...reconciliation.revisits, { anchor, notBefore: new Date(now().getTime() + recheckMs) }],
  };
}

const isLast =
  'They left, but they are the last active administrator of the org by guards.administrators and guards.administratorRoles, who is never deactivated. Let somebody else administer it and name them there; the next run deactivates this one.';

/** Deactivations of people who administer the org. What a deactivation carries is what was last applied. */
function administratorsAmong(
  operations: readonly ProposedOperation[],
  listed: Org | undefined,
  guards: Config['guards'],
): readonly ProposedOperation[] {
  const rule = administratorRule(guards);
  const deactivations = operations.filter(({ kind }) => kind === 'deactivate');
  if (deactivations.length === 0) return [];
  return deactivations.filter(({ profileId, email, desired: applied }) => {
    const inOrg = profileId === undefined ? undefined : listed?.byId(profileId)?.email;
    return isAdministrator(rule, { profileId, emails: [email, inOrg], applied });
  });
}
