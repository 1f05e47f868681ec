/** From Graph's user to an identity. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { Anchor, Identity, SourceId } from '../../../src/identity/identity.ts';
import { readStartDay, startDateOf } from '../../../src/identity/start-date.ts';
import { isObject, type JsonObject } from '../graph/answer.ts';
import type { Managers } from './managers.ts';
import type { Origin } from './properties.ts';
import { employeeNumberOrigin, loginOrigin, type Selection, startDateOrigin } from './selection.ts';

/** A function that makes whole users into identities; `groups` are those of the scope that they are in. */
export function identityMaker(config: EntraSourceConfig, selection: Selection, managers: Managers) {
  const source = brandSource(config.id);
  const login = loginOrigin(config);
  const employeeNumber = employeeNumberOrigin(config);
  const [firstDay] = startDateOrigin(config);
  const { startDate = '' } = config.attributes;
  return (user: JsonObject & { readonly id: string }, groups: readonly string[]): Identity => {
    const anchor = anchorOf(user.id);
    const attributes: Record<string, readonly string[]> = {};
    for (const [name, origin] of selection.attributes) {
      const values = valuesOf(user, origin, managers);
      if (values.length > 0) attributes[name] = values;
    }
    // Absent is unknown, not disabled: only the plain word of Graph makes a leaver.
    const isDisabled = user.accountEnabled === false;
    const leaveAt = config.leaveDates ? dateOf(user.employeeLeaveDateTime) : undefined;
    const start = firstDay && startDateOf(valuesOf(user, firstDay, managers), startDate, readFirstDay);
    return {
      source,
      anchor,
      label: textsOf(user.userPrincipalName)[0] ?? anchor,
      login: valuesOf(user, login, managers)[0],
      email: emailOf(user, config.attributes.email),
      employeeNumber: valuesOf(user, employeeNumber, managers)[0],
      active: !isDisabled,
      whyInactive: isDisabled ? 'Sign-in is blocked in Entra ID (accountEnabled is false).' : undefined,
      leaveAt,
      leaveAtFrom: leaveAt === undefined ? undefined : 'employeeLeaveDateTime',
      ...(start === undefined ? {} : { start }),
      groups,
      attributes,
    };
  };
}

/** The id of somebody's manager, as a reading by pages (`manager@delta`) or by ids (`manager`) shows it. */
export function managerIdOf(user: JsonObject): string | undefined {
  const list = user['manager@delta'];
  if (Array.isArray(list)) {
    const current = list.findLast((one) => isObject(one) && one['@removed'] === undefined);
    return isObject(current) && typeof current.id === 'string' ? current.id.toLowerCase() : undefined;
  }
  return isObject(user.manager) && typeof user.manager.id === 'string'
    ? user.manager.id.toLowerCase()
    : undefined;
}

function valuesOf(user: JsonObject, origin: Origin, managers: Managers): readonly string[] {
  switch (origin.kind) {
    case 'property':
      return textsOf(user[origin.property]);
    case 'nested': {
      const outer = user[origin.property];
      return isObject(outer) ? textsOf(outer[origin.inner]) : [];
    }
    case 'manager': {
      const id = managerIdOf(user);
      if (id === undefined) return [];
      return origin.property === 'id' ? [id] : textsOf(managers.of(id)?.[origin.property]);
    }
    default:
      return origin satisfies never;
  }
}

/** The first address that somebody has, in the configured order. */
function emailOf(user: JsonObject, order: EntraSourceConfig['attributes']['email']): string | undefined {
  for (const property of order) {
    const values = textsOf(user[property]);
    const address = property === 'proxyAddresses' ? primaryAddress(values) : values[0]?.trim();
    if (address !== undefined && address !== '') return address;
  }
  return undefined;
}

/** Of `SMTP:ann@example.com` and `smtp:a@example.com`, capitals mark the primary one. */
const primaryAddress = (values: readonly string[]): string | undefined =>
  values
    .find((value) => value.startsWith('SMTP:'))
    ?.slice(5)
    .trim();

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'boolean' || typeof value === 'number') return [String(value)];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : [];
}

/** `employeeHireDate` is a time; an attribute of one's own may be a day. */
const readFirstDay = (text: string) =>
  readStartDay(text, { format: /^[0-9-]{10}$/.test(text) ? 'date' : 'date-time', timezone: 'UTC' });

function dateOf(value: unknown): Date | undefined {
  const date = typeof value === 'string' ? new Date(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

/** Graph's ids are GUIDs: the same in capitals and small letters. */
export function anchorOf(id: string): Anchor {
  return id.toLowerCase() as Anchor;
}

/** The border where a configured id becomes a source id. */
export function brandSource(id: string): SourceId {
  return id as SourceId;
}
