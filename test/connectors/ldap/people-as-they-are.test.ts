/** Names and values as people have them, in a real OpenLDAP and a real Active Directory. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connector } from '../../../connectors/connector.ts';
import { escapeDnValue } from '../../servers/directory-people.ts';
import { type Samba, startSamba } from '../../servers/samba.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import { connectorTo, connectorToSamba, readAll } from './source.ts';

const names = [
  'Doe, John',
  'Anna "Änni" Müller',
  'Smith + Sons',
  '#1 Hash',
  'Back\\slash',
  'a=b;c<d>e',
  'عبد الله محمد',
  '山田 太郎',
  'Zoë 🦊 Fox',
  "Sinéad O'Connor",
  'Strauß (née Groß)',
  'Nguyễn Thị Minh Khai',
  'İpek Çelik',
];

/** A JPEG's beginning, which is no text. */
const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(20_000, 0xa5)]);
/** Ten kilobytes; Active Directory takes 1,024 characters. */
const longText = { OpenLDAP: 'Ü'.repeat(5_000), 'Active Directory': 'Ü'.repeat(1_024) };

interface Place {
  readonly connector: (settings?: Record<string, unknown>) => Connector;
  /** Adds somebody under this name, whose login is `login`. */
  add(
    cn: string,
    login: string,
    attributes?: Record<string, string | Buffer | readonly string[]>,
  ): Promise<unknown>;
}

let slapd: Slapd;
let samba: Samba;

beforeAll(async () => {
  [slapd, samba] = await Promise.all([startSlapd({ people: 0 }), startSamba()]);
});

afterAll(async () => {
  await Promise.all([slapd.stop(), samba.stop()]);
});

const places: Readonly<Record<'OpenLDAP' | 'Active Directory', () => Place>> = {
  OpenLDAP: () => ({
    connector: (settings) => connectorTo(slapd, settings),
    add: (cn, login, attributes = {}) =>
      slapd.add(`cn=${escapeDnValue(cn)},${slapd.peopleDn}`, {
        ...{ objectClass: 'inetOrgPerson', cn, sn: cn, uid: login },
        ...attributes,
      }),
  }),
  'Active Directory': () => ({
    connector: (settings) => connectorToSamba(samba, settings),
    add: (cn, login, attributes = {}) => samba.addPerson(cn, { sAMAccountName: login, ...attributes }),
  }),
};

describe.each(['OpenLDAP', 'Active Directory'] as const)('%s', (kind) => {
  test('has people of every name, each found again by anchor', async () => {
    const { connector, add } = places[kind]();
    for (const [index, cn] of names.entries()) await add(cn, `name${index}`);

    const reader = connector();
    const { identities, skipped, completeness } = await readAll(reader, ['cn']);
    const mine = identities.filter(({ login }) => login?.startsWith('name'));

    expect(completeness).toEqual({ kind: 'complete' });
    expect(skipped).toEqual([]);
    expect(mine.map(({ attributes }) => attributes.cn?.[0]).sort()).toEqual([...names].sort());
    const found = await reader.lookup(
      mine.map(({ anchor }) => anchor),
      new AbortController().signal,
    );
    expect([...found.values()]).toEqual(names.map(() => ({ kind: 'present' })));
  });

  test('has addresses in any case, with blanks around them, several, or none', async () => {
    const { connector, add } = places[kind]();
    await add('Mixed Case', 'mail1', { mail: 'Mixed.CASE@Example.COM' });
    await add('Blanks Around', 'mail2', { mail: ' blanks@example.com  ' });
    await add('No Mail', 'mail3');

    const { identities } = await readAll(connector(), []);
    const emailOf = (login: string) => identities.find((one) => one.login === login)?.email;

    expect(emailOf('mail1')).toBe('Mixed.CASE@Example.COM');
    expect(emailOf('mail2')).toBe('blanks@example.com');
    expect(emailOf('mail3')).toBeUndefined();
  });

  test('keeps the longest text that it takes and every value of several', async () => {
    const { connector, add } = places[kind]();
    const numbers = ['+43 1 234', '+43 1 235', '+43 1 236'];
    await add('Much Text', 'text1', {
      description: longText[kind],
      otherTelephone: numbers,
      ...several(kind, numbers),
    });

    const attribute = kind === 'OpenLDAP' ? 'telephoneNumber' : 'otherTelephone';
    const { identities } = await readAll(connector(), ['description', attribute]);
    const person = identities.find(({ login }) => login === 'text1');

    expect(person?.attributes.description).toEqual([longText[kind]]);
    expect([...(person?.attributes[attribute] ?? [])].sort()).toEqual(numbers);
  });

  test('sends a photo only to whoever asks for it by name, byte by byte', async () => {
    const { connector, add } = places[kind]();
    await add('With Photo', 'photo1', { jpegPhoto: photo });
    const attributesOf = async (wanted: readonly string[] | 'all') =>
      (await readAll(connector(), wanted)).identities.find(({ login }) => login === 'photo1')?.attributes ??
      {};

    expect(Object.keys(await attributesOf(['cn']))).toEqual(['cn']);
    expect(Object.keys(await attributesOf('all'))).not.toContain('jpegPhoto');
    expect(await attributesOf(['jpegPhoto'])).toEqual({ jpegPhoto: [photo.toString('base64')] });
  });
});

/** Active Directory has one telephoneNumber, and others beside it; OpenLDAP has several. */
function several(kind: 'OpenLDAP' | 'Active Directory', numbers: readonly string[]) {
  return kind === 'OpenLDAP' ? { telephoneNumber: numbers, otherTelephone: [] } : {};
}
