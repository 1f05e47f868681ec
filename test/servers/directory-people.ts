/** People for test directories: numbered, with immutable ids that can be foretold, and with names that trip up the careless. */

/** Text, or the octets of a binary attribute. */
export type LdifValue = string | Buffer;
export type LdifAttributes = Readonly<Record<string, LdifValue | readonly LdifValue[]>>;

export type DirectoryPerson = {
  readonly dn: string;
  readonly entryUuid: string;
  readonly attributes: LdifAttributes;
};

const firstNames = ['Anna', 'Béla', 'Chloé', 'Łukasz', 'Erzsébet', 'José', '太郎', 'Þóra'];
const lastNames = [
  'Adams',
  'Müller',
  "O'Brien",
  'Dvořák, Jr.',
  'Smith + Sons',
  'de la "Cruz"',
  '#Hash',
  'Back\\slash',
];

/** The entryUUID of a generated person. */
export const uuidOf = (index: number): string =>
  `0a1b2c3d-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;

/** Escapes an attribute value for a DN (RFC 4514 section 2.4). */
export const escapeDnValue = (value: string): string =>
  value
    .replace(/[",+;<=>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');

/** People numbered from 0, half of them under ou=A, half under ou=B of `peopleDn`. */
export function generatePeople(count: number, peopleDn: string): readonly DirectoryPerson[] {
  return Array.from({ length: count }, (_, index) => {
    const givenName = firstNames[index % firstNames.length] ?? '';
    const sn = lastNames[Math.floor(index / firstNames.length) % lastNames.length] ?? '';
    const cn = `${sn} ${givenName} ${index}`;
    return {
      dn: `cn=${escapeDnValue(cn)},ou=${index % 2 === 0 ? 'A' : 'B'},${peopleDn}`,
      entryUuid: uuidOf(index),
      attributes: {
        objectClass: 'inetOrgPerson',
        ...{ cn, sn, givenName, uid: `u${index}`, mail: `u${index}@example.com` },
        ...{ employeeNumber: String(100_000 + index), title: index % 3 === 0 ? 'Engineer' : 'Clerk' },
        memberOf: [`cn=g${index % 5},ou=groups,dc=example,dc=com`, 'cn=all,ou=groups,dc=example,dc=com'],
      },
    };
  });
}

/** A record of an LDIF file (RFC 2849); everything in base64, so that any text passes. */
export function ldifRecord(dn: string, attributes: LdifAttributes, changeType?: string): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    (typeof values === 'string' || Buffer.isBuffer(values) ? [values] : values).map((value) =>
      ldifLine(name, value),
    ),
  );
  const change = changeType === undefined ? '' : `changetype: ${changeType}\n`;
  return [ldifLine('dn', dn), change, ...lines, '\n'].join('');
}

export const ldifLine = (name: string, value: LdifValue): string =>
  `${name}:: ${Buffer.from(value).toString('base64')}\n`;
