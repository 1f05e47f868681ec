/** Entries that whoever reads knows already: nothing is made of them, and none is taken for known that isn't. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadRequest, Recalled, WantedAttributes } from '../../../connectors/connector.ts';
import { readFromServers, type ServerReadingPart } from '../../../connectors/ldap/people/restart.ts';
import { EntryPrint } from '../../../connectors/ldap/wire/entry-print.ts';
import type { Anchor, Identity, RecordPrint } from '../../../src/identity/identity.ts';
import { identity } from '../../builders/people.ts';
import { uuidOf } from '../../servers/directory-people.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import { anchor, connectorTo, ldapSource } from './source.ts';

let slapd: Slapd;
beforeAll(async () => {
  slapd = await startSlapd({ people: 300 });
});
afterAll(() => slapd.stop());

interface Seen {
  readonly identities: readonly Identity[];
  readonly recalled: readonly Recalled[];
}

interface Asking {
  readonly attributes?: WantedAttributes;
  readonly groups?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
}

async function read(recall: ReadRequest['recall'], asking: Asking = {}): Promise<Seen> {
  const identities: Identity[] = [];
  const recalled: Recalled[] = [];
  const { attributes = ['cn', 'title', 'mail'], groups, settings } = asking;
  const signal = AbortSignal.timeout(60_000);
  for await (const part of connectorTo(slapd, settings).read({ attributes, groups, recall, signal })) {
    if (part.kind === 'end') continue;
    identities.push(...part.identities);
    recalled.push(...(part.recalled ?? []));
  }
  return { identities, recalled };
}

type Memory = ReadonlyMap<Anchor, RecordPrint>;

const memoryOf = ({ identities }: Seen): Memory =>
  new Map(identities.flatMap(({ anchor: id, print }) => (print === undefined ? [] : [[id, print]])));
const from =
  (memory: Memory): NonNullable<ReadRequest['recall']> =>
  (id, { low, high }) => {
    const known = memory.get(id);
    return known?.low === low && known.high === high;
  };
const nobody = () => false;

describe('a reading by somebody who recalls records', () => {
  test('tells of each whose entry is known that they are there, and where', async () => {
    const first = await read(nobody);

    const { identities, recalled } = await read(from(memoryOf(first)));

    expect(identities).toEqual([]);
    expect(recalled).toEqual(first.identities.map(({ anchor: id, branches }) => ({ anchor: id, branches })));
    expect(recalled).toHaveLength(300);
  });

  test('shows in full whose entry has another value, one value more or another name', async () => {
    const memory = memoryOf(await read(nobody));
    const [retitled, richer, renamed] = slapd.people.slice(3, 6);
    await slapd.modify(retitled?.dn ?? '', 'title', ['Another title']);
    await slapd.modify(richer?.dn ?? '', 'mail', ['one@example.com', 'another@example.com']);

    await slapd.rename(renamed?.dn ?? '', 'cn=Somebody Else');

    const { identities, recalled } = await read(from(memory));

    expect(new Set(identities.map(({ anchor: id }) => id))).toEqual(new Set([3, 4, 5].map(uuidOf)));
    expect(identities.find(({ anchor: id }) => id === uuidOf(3))?.attributes.title).toEqual([
      'Another title',
    ]);
    expect(recalled).toHaveLength(297);
  });

  test.each<readonly [string, Asking]>([
    ['for other attributes', { attributes: ['cn', 'title', 'mail', 'sn'] }],
    ['with another login', { settings: { attributes: { login: 'employeeNumber' } } }],
    [
      'with a mark of leavers',
      { settings: { leavers: { signals: [], dates: [{ attribute: 'description' }] } } },
    ],
  ])('asked %s knows nobody from before', async (_what, asking) => {
    const memory = memoryOf(await read(nobody));

    const { identities, recalled } = await read(from(memory), asking);

    expect(recalled).toEqual([]);
    expect(identities).toHaveLength(300);
  });

  test('recalls nobody where groups are asked for, since other entries tell them', async () => {
    const { identities, recalled } = await read(() => true, { groups: true });

    expect(recalled).toEqual([]);
    expect(identities.every(({ print }) => print === undefined)).toBe(true);
  });

  test('gives no prints where nobody recalls any', async () => {
    const { identities } = await read(undefined);

    expect(identities.some((one) => 'print' in one)).toBe(false);
  });
});

test('whoever a broken server recalled does not come again from the next one', async () => {
  const servers = ['ldap://one.example.com', 'ldap://two.example.com'].map((url) =>
    ldapSource({ url, baseDn: 'ou=people', tls: { allowPlaintext: true } }),
  );
  const known = { anchor: anchor('ann'), branches: [] };
  const parts: readonly (readonly ServerReadingPart[])[] = [
    [
      { kind: 'batch', identities: [], skipped: [], recalled: [known] },
      { kind: 'broken', reason: 'The connection was lost.' },
    ],
    [
      { kind: 'batch', identities: [identity({ anchor: anchor('ann') })], skipped: [], recalled: [known] },
      { kind: 'end', completeness: { kind: 'complete' } },
    ],
  ];
  const told: unknown[] = [];
  const readFrom = async function* (server: (typeof servers)[number]): AsyncGenerator<ServerReadingPart> {
    yield* parts[servers.indexOf(server)] ?? [];
  };

  for await (const part of readFromServers(servers, readFrom, () => undefined))
    if (part.kind === 'batch') told.push(...part.identities, ...(part.recalled ?? []));

  expect(told).toEqual([known]);
});

describe('the print of an entry', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300, size: 'max' }).map((some) => Buffer.from(some));
  const of = (some: Buffer, before = 0, context = 'one') => {
    const around = Buffer.concat([Buffer.alloc(before, 7), some, Buffer.alloc(5, 9)]);
    const { low, high } = new EntryPrint(context).of(around, before, before + some.length);
    return { low, high };
  };

  test('is the same wherever it lies, and another in another context', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 9 }), (some, before) => {
        expect(of(some, before)).toEqual(of(some));
        expect(of(some, 0, 'other')).not.toEqual(of(some));
      }),
    );
  });

  test('is another one, in either half, where a byte is another, and where one is added or missing', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (some, at, change) => {
        const place = at % some.length;
        const changed = Buffer.from(some);
        changed[place] = (changed[place] ?? 0) ^ change;
        const print = of(some);
        for (const other of [changed, some.subarray(1), Buffer.concat([some, Buffer.alloc(1)])]) {
          expect(of(other).low).not.toBe(print.low);
          expect(of(other).high).not.toBe(print.high);
        }
      }),
    );
  });

  test('tells a hundred thousand entries apart that are alike', () => {
    const print = new EntryPrint();
    const seen = new Set(
      Array.from({ length: 100_000 }, (_, index) => {
        const entry = Buffer.from(`uid=user${index},ou=people,dc=example,dc=com`);
        const { low, high } = print.of(entry, 0, entry.length);
        return `${low} ${high}`;
      }),
    );

    expect(seen.size).toBe(100_000);
  });
});
