/** Writes the sample directory as the LDIF (RFC 2849) that `ldapsearch` would export. */
import type { SamplePerson } from './sample-directory.ts';

const base = 'dc=example,dc=org';
const peopleBase = `ou=people,${base}`;

/** What RFC 2849 calls a SAFE-STRING may stand as it is; anything else, an umlaut too, goes as base64. */
const isSafe = (text: string): boolean => /^([!-9;=-\x7f][ -\x7f]*)?$/.test(text) && !text.endsWith(' ');

const lineWidth = 76;

function fold(line: string): string {
  const pieces = [line.slice(0, lineWidth)];
  for (let at = lineWidth; at < line.length; at += lineWidth - 1)
    pieces.push(line.slice(at, at + lineWidth - 1));
  return pieces.join('\n ');
}

const writeValue = (attribute: string, value: string): string =>
  fold(isSafe(value) ? `${attribute}: ${value}` : `${attribute}:: ${Buffer.from(value).toString('base64')}`);

const writeEntry = (lines: readonly (readonly [attribute: string, value: string])[]): string =>
  `${lines.map(([attribute, value]) => writeValue(attribute, value)).join('\n')}\n`;

const dnOf = (uid: string): string => `uid=${uid},${peopleBase}`;

const writePerson = (person: SamplePerson): string =>
  writeEntry([
    ['dn', dnOf(person.uid)],
    ['objectClass', 'top'],
    ['objectClass', 'person'],
    ['objectClass', 'organizationalPerson'],
    ['objectClass', 'inetOrgPerson'],
    ['uid', person.uid],
    ['cn', `${person.givenName} ${person.surname}`],
    ['givenName', person.givenName],
    ['sn', person.surname],
    ['displayName', `${person.givenName} ${person.surname}`],
    ['mail', person.mail],
    ['telephoneNumber', person.phone],
    ['title', person.title],
    ['ou', person.department],
    ['departmentNumber', person.departmentNumber],
    ['employeeNumber', person.employeeNumber],
    ['employeeType', person.employeeType],
    ...(person.manager === undefined ? [] : [['manager', dnOf(person.manager)] as const]),
    ['entryUUID', person.entryUuid],
  ]);

/** The people, below the folder that they are in, as the text of an LDIF file. */
export function toLdif(people: readonly SamplePerson[]): string {
  const folder = writeEntry([
    ['dn', peopleBase],
    ['objectClass', 'organizationalUnit'],
    ['ou', 'people'],
  ]);
  return ['version: 1\n', folder, ...people.map(writePerson)].join('\n');
}
