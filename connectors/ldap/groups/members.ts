/** The names under which people and groups are listed as members. */
import { normalDn } from '../names/dn.ts';
import { normalDescription } from '../people/entries.ts';
import type { ValuesOf } from './ranges.ts';

/** A member listed by DN. With `uniqueMember` a bit string may follow (RFC 4517 section 3.3.21): `cn=Ann#'0101'B`. */
export const memberByDn = (value: Buffer): string =>
  normalDn(value.toString('utf8').replace(/#'[01]*'B$/, ''));

/** A member listed by login; told apart from DNs by a character that no normal DN begins with. */
const memberByUid = (uid: string): string => `=uid:${uid.trim().toLowerCase()}`;

/** Everybody who has this primary group (RFC 2307). */
const memberByGid = (gid: string): string => `=gid:${gid.trim()}`;

/** As what a value of a group's attribute names a member. */
export function memberNamed(attribute: string): (value: Buffer) => string {
  return normalDescription(attribute) === 'memberuid'
    ? (value) => memberByUid(value.toString('utf8'))
    : memberByDn;
}

/** What is asked for with people, so that they can be found among the members. */
export const memberAttributes = ['uid', 'gidNumber'] as const;

const textsOf = (values: readonly Buffer[]): readonly string[] =>
  values.map((value) => value.toString('utf8'));

/** All names under which somebody may be listed. */
export const namesOfMember = (dn: string, told: ValuesOf): readonly string[] => [
  normalDn(dn),
  ...textsOf(told('uid').values).map(memberByUid),
  ...textsOf(told('gidNumber').values).map(memberByGid),
];

/** A posixGroup's number is that of everybody's primary group who has the same. */
export const primaryMembers = (group: ValuesOf): readonly string[] =>
  textsOf(group('gidNumber').values).map(memberByGid);
