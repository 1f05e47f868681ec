/** What only Microsoft's own server does, as it was recorded: lists in ranges that nobody asked for, and no member lists at all. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Reply,
  type ScriptedLdap,
  type ScriptedSearch,
  startScriptedLdap,
} from '../../../servers/scripted-ldap.ts';
import { connectorToUrl, readAll, reasonOf } from '../source.ts';

const base = 'DC=corp';
const people = `OU=people,${base}`;
const whole: Reply = { kind: 'done', cookie: '' };
const named = (cn: string) => `CN=${cn},OU=groups,${base}`;
const uuid = (index: number) => `0a1b2c3d-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** `S-1-5-21-1-2-3-RID` as it lies in the directory. */
function sid(rid: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.set([1, 5, 0, 0, 0, 0, 0, 5]);
  [21, 1, 2, 3, rid].forEach((part, index) => {
    bytes.writeUInt32LE(part, 8 + 4 * index);
  });
  return bytes;
}

type Attributes = Readonly<Record<string, readonly (string | Buffer)[]>>;

const user = (index: number, attributes: Attributes = {}): Reply => ({
  kind: 'entry',
  dn: `CN=u${index},${people}`,
  attributes: {
    entryUUID: [uuid(index)],
    objectSid: [sid(1_000 + index)],
    primaryGroupID: ['513'],
    ...attributes,
  },
});

const group = (cn: string, attributes: Attributes = {}): Reply => ({
  kind: 'entry',
  dn: named(cn),
  attributes,
});
const domainUsers = group('Domain Users', { objectSid: [sid(513)] });

let server: ScriptedLdap | undefined;
afterEach(async () => {
  await server?.stop();
});

interface Script {
  readonly groups: readonly Reply[];
  readonly people: readonly Reply[];
  /** Answers to searches of one entry. */
  readonly entries?: (search: ScriptedSearch) => readonly Reply[] | undefined;
}

async function serving(script: Script, groups: Record<string, unknown> = {}) {
  server = await startScriptedLdap({
    onSearch: (search) => {
      const { base: asked } = search;
      if (asked === '')
        return [
          {
            kind: 'entry',
            dn: '',
            attributes: { defaultNamingContext: [base], supportedCapabilities: ['1.2.840.113556.1.4.800'] },
          },
          whole,
        ];
      const one = script.entries?.(search);
      if (one !== undefined) return one;
      return asked === people ? [...script.people, whole] : [...script.groups, whole];
    },
  });
  return readAll(
    connectorToUrl(server.url, {
      ...{ baseDn: people, groups, leavers: { signals: [] } },
      ...{ vendor: 'active-directory', attributes: { anchor: 'entryUUID' } },
    }),
    [],
    new AbortController().signal,
    true,
  );
}

/** Members of a list in ranges, as Active Directory gives them: at most 1,500 a time. */
function rangeOf(attribute: string, values: readonly string[], from: number): Attributes {
  const piece = values.slice(from, from + 1_500);
  const isLast = from + piece.length >= values.length;
  return { [`${attribute};range=${from}-${isLast ? '*' : from + piece.length - 1}`]: piece };
}

const askedFrom = ({ attributes }: ScriptedSearch): number => {
  const [, from = ''] =
    attributes.map((name) => /;range=(\d+)-\*$/i.exec(name)).find((match) => match !== null) ?? [];
  return Number(from);
};

describe('a list in ranges', () => {
  const members = Array.from({ length: 13_000 }, (_, index) => `CN=u${index},${people}`);
  const large = group('large', { member: [], ...rangeOf('member', members, 0), objectClass: ['group'] });
  const small = group('small', { member: [`CN=u1,${people}`], objectClass: ['group'] });
  const ends = [user(0), user(1_499), user(1_500), user(12_999), user(13_000)];
  const continued = (search: ScriptedSearch): readonly Reply[] | undefined =>
    search.base === named('large')
      ? [group('large', rangeOf('member', members, askedFrom(search))), whole]
      : undefined;

  test('of a group of 13,000 is read to its end, though the plain list beside it is empty', async () => {
    const { identities, completeness } = await serving(
      { groups: [large, small, domainUsers], people: ends, entries: continued },
      { by: 'walk' },
    );

    const inLarge = identities
      .filter(({ groups }) => groups.includes(named('large')))
      .map(({ label }) => label);
    expect(inLarge).toEqual([0, 1_499, 1_500, 12_999].map((index) => `CN=u${index},${people}`));
    expect(completeness).toEqual({ kind: 'complete' });
    expect(server?.searches.filter((search) => search.base === named('large'))).toHaveLength(8);
  });

  test.each([
    [
      'an error',
      () => [{ kind: 'done', code: 1, diagnostic: 'busy' }],
      'broke off after 1500 values: the server answered operationsError',
    ],
    ['nothing', () => [whole], 'the server sent no more of them'],
    ['an empty list', () => [group('large', { member: [] }), whole], 'the server sent no more of them'],
    [
      'the same part again',
      () => [group('large', rangeOf('member', members, 0)), whole],
      'sent a part of it again',
    ],
    ['a cut connection', () => [{ kind: 'cut' }], 'the server closed the connection'],
  ] as readonly [
    string,
    () => readonly Reply[],
    string,
  ][])('that breaks off with %s makes the reading incomplete, or ends it before anybody was read', async (_, replies, reason) => {
    const reading = serving(
      {
        groups: [large, small, domainUsers],
        people: ends,
        entries: ({ base: asked }) => (asked === named('large') ? replies() : undefined),
      },
      { by: 'walk' },
    );

    const told = await reading.then(
      ({ completeness }) => reasonOf(completeness),
      (error: unknown) => String(error),
    );
    expect(told).toContain(reason);
  });

  test('of somebody’s groups is read to its end while people are being read', async () => {
    const all = Array.from({ length: 1_600 }, (_, index) => named(`g${index}`));
    const { identities, completeness } = await serving({
      groups: [...all.map((_, index) => group(`g${index}`)), domainUsers],
      people: [user(1, { memberOf: [], ...rangeOf('memberOf', all, 0) })],
      entries: (search) =>
        search.base === `CN=u1,${people}`
          ? [user(1, rangeOf('memberOf', all, askedFrom(search))), whole]
          : undefined,
    });

    expect(identities[0]?.groups).toHaveLength(1_601);
    expect(completeness).toEqual({ kind: 'complete' });
  });
});

describe('the primary group', () => {
  test('is found by its number and the domain’s identifier, with the groups around it', async () => {
    const { identities, completeness } = await serving({
      groups: [
        group('Domain Users', { objectSid: [sid(513)], memberOf: [named('Everybody')] }),
        group('Everybody'),
      ],
      people: [user(1)],
    });

    expect(identities[0]?.groups).toEqual([named('Domain Users'), named('Everybody')]);
    expect(completeness).toEqual({ kind: 'complete' });
  });

  test('outside of the base is asked for by its identifier', async () => {
    const { identities } = await serving({
      groups: [group('g')],
      people: [user(1, { primaryGroupID: ['1200'] })],
      entries: ({ base: asked }) =>
        asked === '<SID=S-1-5-21-1-2-3-1200>'
          ? [group('Special', { objectSid: [sid(1_200)] }), whole]
          : undefined,
    });

    expect(identities[0]?.groups).toEqual([named('Special')]);
  });

  test('that can’t be read, or isn’t shown, makes the reading incomplete', async () => {
    const notThere = ({ base: asked }: ScriptedSearch): readonly Reply[] | undefined =>
      asked.startsWith('<SID=') ? [{ kind: 'done', code: 32 }] : undefined;
    const unreadable = await serving({ groups: [group('g')], people: [user(1)], entries: notThere });
    await server?.stop();
    const unseen = await serving({
      groups: [domainUsers],
      people: [user(1, { primaryGroupID: [] }), user(2)],
    });

    expect(reasonOf(unreadable.completeness)).toContain("The primary group S-1-5-21-1-2-3-513 can't be read");
    expect(reasonOf(unseen.completeness)).toContain(`such as CN=u1,${people}, show no primary group`);
  });
});

test('a few named groups are asked for in chain, and their spelling is the configuration’s', async () => {
  const { identities, completeness } = await serving(
    {
      groups: [group('Inner', { objectSid: [sid(513)] })],
      people: [user(1), user(2, { primaryGroupID: ['514'] })],
      entries: ({ base: asked, attributes }) => {
        if (asked === named('Staff')) return [group('Staff', { objectSid: [sid(900)] }), whole];
        return asked === people && attributes.includes('1.1') ? [user(2), whole] : undefined;
      },
    },
    { only: [named('Staff')] },
  );

  // The first is in it by their primary group, which is nested in it; the second by the server's word.
  expect(identities.map(({ groups }) => groups)).toEqual([[named('Staff')], [named('Staff')]]);
  expect(completeness).toEqual({ kind: 'complete' });
});
