/** Roles must exist in the org before anybody is created or invited with one. */
import type { ProfileApi } from '../profile-api/index.ts';
import type { AttributeValue } from '../profile-api/profile.ts';
import type { Finding, ProposedOperation, Reconciliation } from '../reconcile/index.ts';

/** The roles that the org knows, where its options list them under a name such as `roles`. */
export async function knownRoles(
  api: ProfileApi,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const roles = rolesIn(await api.options(signal));
  return roles.length === 0 ? undefined : new Set(roles);
}

function rolesIn(options: AttributeValue): readonly string[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return [];
  for (const [name, value] of Object.entries(options)) {
    if (/^(organization_)?roles?$/i.test(name) && Array.isArray(value)) return value.flatMap(roleName);
  }
  return [];
}

const nameKeys: ReadonlySet<string> = new Set(['name', 'label', 'value', 'id']);

/** Choices come as plain names, or as objects with a name, label or value. */
function roleName(choice: AttributeValue): readonly string[] {
  if (typeof choice === 'string') return [choice];
  if (typeof choice !== 'object' || choice === null || Array.isArray(choice)) return [];
  return Object.entries(choice).flatMap(([key, value]) =>
    nameKeys.has(key) && typeof value === 'string' ? [value] : [],
  );
}

/** Takes those out of a plan whose role the org does not know; they are named instead. */
export function withoutUnknownRoles(
  reconciliation: Reconciliation,
  roles: ReadonlySet<string> | undefined,
): Reconciliation {
  if (roles === undefined) return reconciliation;
  const hasUnknownRole = ({ kind, desired }: ProposedOperation): boolean =>
    (kind === 'create' || kind === 'invite') &&
    typeof desired.role === 'string' &&
    desired.role !== '' &&
    !roles.has(desired.role);

  const refused = reconciliation.operations.filter(hasUnknownRole);
  if (refused.length === 0) return reconciliation;
  const findings = refused.map(({ anchor, label, email, desired }): Finding => {
    const reason = `Their role ${JSON.stringify(desired.role)} does not exist in the org, which knows ${[...roles].join(', ')}. Make it there, or mend the mapping of role.`;
    return { kind: 'skipped', anchor, label, email, reason };
  });
  return {
    ...reconciliation,
    operations: reconciliation.operations.filter((operation) => !hasUnknownRole(operation)),
    findings: [...reconciliation.findings, ...findings],
  };
}
