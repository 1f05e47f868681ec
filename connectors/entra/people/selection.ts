/** What to ask Graph for, so that the rules and an identity have what they need. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { WantedAttributes } from '../../connector.ts';
import { EntraError } from '../entra-error.ts';
import { type Origin, originOf, wantedNames } from './properties.ts';

export interface Selection {
  /** Attributes by the names that the rules use, with where their values are. */
  readonly attributes: readonly (readonly [name: string, origin: Origin])[];
  /** Names of which Entra knows nothing: nobody has them. */
  readonly unknown: readonly string[];
  /** For `$select`, in a fixed order; without the manager, who is asked for in other ways. */
  readonly properties: readonly string[];
  readonly hasManager: boolean;
  /** The manager's own properties that are to be looked up. */
  readonly managerProperties: readonly string[];
}

const leaveDate = 'employeeLeaveDateTime';
export const leaveDatePermission = 'User-LifeCycleInfo.Read.All';

export function selectionOf(config: EntraSourceConfig, wanted: WantedAttributes): Selection {
  const named = wantedNames(wanted).map((name) => [name, originOf(name)] as const);
  const attributes = named.flatMap(([name, origin]) =>
    origin === undefined ? [] : [[name, origin] as const],
  );
  const own = ['id', 'userPrincipalName', 'accountEnabled', 'userType', ...config.attributes.email];
  const origins = [
    ...attributes.map(([, origin]) => origin),
    loginOrigin(config),
    employeeNumberOrigin(config),
    ...startDateOrigin(config),
  ];
  const properties = new Set([
    ...own,
    ...(config.leaveDates ? [leaveDate] : []),
    ...origins.flatMap((origin) => (origin.kind === 'manager' ? [] : [origin.property])),
  ]);
  const ofManager = origins.flatMap((origin) => (origin.kind === 'manager' ? [origin.property] : []));
  return {
    attributes,
    unknown: named.flatMap(([name, origin]) => (origin === undefined ? [name] : [])),
    properties: [...properties].sort(),
    hasManager: ofManager.length > 0,
    managerProperties: [...new Set(ofManager)].filter((property) => property !== 'id').sort(),
  };
}

type OwnOrigin = Exclude<Origin, { readonly kind: 'manager' }>;

/** @throws {EntraError} `filter`, where Entra has no such property */
export function loginOrigin(config: EntraSourceConfig): OwnOrigin {
  const origin = ownOrigin(config.attributes.login);
  if (origin !== undefined) return origin;
  throw new EntraError(
    'filter',
    `The source ${config.id} takes the login name from ${config.attributes.login}, which users of Entra do not have`,
    'Set attributes.login to one of their properties, such as userPrincipalName or onPremisesSamAccountName.',
  );
}

/** @throws {EntraError} `filter`, where Entra has no such property */
export function employeeNumberOrigin(config: EntraSourceConfig): OwnOrigin {
  const origin = ownOrigin(config.attributes.employeeNumber);
  if (origin !== undefined) return origin;
  throw new EntraError(
    'filter',
    `The source ${config.id} takes the employee number from ${config.attributes.employeeNumber}, which users of Entra do not have`,
    'Set attributes.employeeNumber to one of their properties, such as employeeId or extensionAttribute1.',
  );
}

/**
 * @returns none where nobody's first day counts
 * @throws {EntraError} `filter`, where Entra has no such property
 */
export function startDateOrigin({ id, attributes: { startDate } }: EntraSourceConfig): readonly OwnOrigin[] {
  if (startDate === undefined) return [];
  const origin = ownOrigin(startDate);
  if (origin !== undefined) return [origin];
  throw new EntraError(
    'filter',
    `The source ${id} takes the first day from ${startDate}, which users of Entra do not have`,
    'Set attributes.startDate to one of their properties, such as employeeHireDate or extensionAttribute1.',
  );
}

/** Of the person themselves, and not of their manager. */
function ownOrigin(name: string): OwnOrigin | undefined {
  const origin = originOf(name);
  return origin?.kind === 'manager' ? undefined : origin;
}

/**
 * Refuses to read without a permission whose lack Graph may not even mention: then nobody would seem to leave.
 *
 * @param permissions of the token; undefined where it can't be read
 */
export function refuseWithoutLeaveDates(
  config: EntraSourceConfig,
  { properties }: Selection,
  permissions: ReadonlySet<string> | undefined,
): void {
  if (!properties.includes(leaveDate) || permissions === undefined) return;
  const sufficient = [leaveDatePermission, 'User-LifeCycleInfo.ReadWrite.All'];
  if (sufficient.some((permission) => permissions.has(permission))) return;
  throw new EntraError(
    'permission',
    `The source ${config.id} reads ${leaveDate}, and its application may not: without the permission ${leaveDatePermission} nobody would seem to leave`,
    `Give the application ${leaveDatePermission} and consent to it, or set leaveDates to false and take ${leaveDate} out of the rules.`,
  );
}
