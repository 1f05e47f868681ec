/** People as a source tells them, and as the rules see them: whole by default, bent where a test says so. */
import type { Anchor, Attributes, Identity, SourceId } from '../../src/identity/identity.ts';
import type { Leaver, Member, Skipped } from '../../src/identity/person.ts';
import type { ProfileAttributes } from '../../src/profile-api/profile.ts';

export const anchor = (id: string): Anchor => id as Anchor;
export const sourceId = (id: string): SourceId => id as SourceId;

type Changed<Base> = { readonly [Key in keyof Base]?: Base[Key] };

/** Ann, as an LDAP server tells of her. */
export function identity(changes: Changed<Omit<Identity, 'attributes'>> & { attributes?: Attributes } = {}) {
  const built: Identity = {
    source: sourceId('corp'),
    anchor: anchor('ann'),
    label: 'uid=ann,ou=people,dc=example,dc=com',
    login: 'ann',
    email: 'ann@example.com',
    active: true,
    whyInactive: undefined,
    leaveAt: undefined,
    leaveAtFrom: undefined,
    groups: ['cn=staff,dc=example,dc=com'],
    attributes: { mail: ['ann@example.com'], cn: ['Ann Archer'], givenName: ['Ann'] },
    ...changes,
  };
  return built;
}

interface PersonChanges {
  readonly anchor?: string;
  readonly label?: string;
  readonly email?: string;
  readonly employeeNumber?: string;
  /** Mapped attributes besides the e-mail address. */
  readonly desired?: ProfileAttributes;
}

/** Somebody who belongs in the org. */
export function person(changes: PersonChanges = {}): Member {
  const { anchor: id = 'ann', label, email, employeeNumber, desired = {} } = changes;
  const address = email ?? `${id}@example.com`;
  return {
    kind: 'member',
    anchor: anchor(id),
    label: label ?? `uid=${id}`,
    email: address,
    ...(employeeNumber === undefined ? {} : { employeeNumber }),
    desired: { email: address, ...desired },
  };
}

/** Somebody of whom the source says that they left. */
export function leaver(id = 'ann', why: Leaver['why'] = 'disabled', exemptBy?: string): Leaver {
  const reason = why === 'disabled' ? 'The account is disabled in the source.' : 'They are out of scope.';
  const exempt = exemptBy === undefined ? {} : { exemptBy };
  const email = `${id}@example.com`;
  return { kind: 'leaver', anchor: anchor(id), label: `uid=${id}`, email, ...exempt, why, reason };
}

/** Somebody whose record is bad. */
export function skipped(id = 'ann'): Skipped {
  const reason = 'They have no e-mail address.';
  return { kind: 'skipped', anchor: anchor(id), label: `uid=${id}`, email: undefined, reason };
}
