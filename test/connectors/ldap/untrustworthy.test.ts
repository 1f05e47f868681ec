/** What no well-behaved server does, and some do. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  personReply,
  type Reply,
  type ScriptedLdap,
  type ScriptedSearch,
  startScriptedLdap,
} from '../../servers/scripted-ldap.ts';
import { anchor, connectorToUrl, readAll, reasonOf, sourceErrorOf } from './source.ts';

const uuids = Array.from({ length: 9 }, (_, index) => `0a1b2c3d-0000-4000-8000-00000000000${index}`);
const person = (index: number, attributes?: Record<string, readonly string[]>) =>
  personReply(uuids[index] ?? '', attributes);
const whole: Reply = { kind: 'done', cookie: '' };
const pageEnd = (cookie: string): Reply => ({ kind: 'done', cookie });

let server: ScriptedLdap | undefined;

afterEach(async () => {
  await server?.stop();
});

async function serve(onSearch: (search: ScriptedSearch) => readonly Reply[]): Promise<ScriptedLdap> {
  server = await startScriptedLdap({ onSearch });
  return server;
}

const serving = async (
  onSearch: (search: ScriptedSearch) => readonly Reply[],
  settings: Record<string, unknown> = {},
) => connectorToUrl((await serve(onSearch)).url, settings);

const byCookie = (pages: Readonly<Record<string, readonly Reply[]>>) => (search: ScriptedSearch) =>
  pages[search.page?.cookie ?? ''] ?? [];

describe('paging', () => {
  test('goes on over pages without entries, as long as there is a cookie', async () => {
    const connector = await serving(
      byCookie({
        '': [person(0), pageEnd('a')],
        a: [pageEnd('b')],
        b: [pageEnd('c')],
        c: [person(1), person(2), whole],
      }),
    );

    const { identities, completeness } = await readAll(connector);

    expect(identities).toHaveLength(3);
    expect(completeness).toEqual({ kind: 'complete' });
  });

  test('that goes round in circles ends as incomplete', async () => {
    const connector = await serving(({ page }) =>
      page?.cookie === '' ? [person(0), pageEnd('a')] : [pageEnd('a')],
    );

    const { identities, completeness } = await readAll(connector);

    expect(identities).toHaveLength(1);
    expect(reasonOf(completeness)).toContain('pages without an entry one after another');
  });

  test('asks for no limit of size or time', async () => {
    const { url, searches } = await serve(byCookie({ '': [person(0), pageEnd('a')], a: [person(1), whole] }));

    await readAll(connectorToUrl(url, { pageSize: 250 }));

    expect(searches).toMatchObject([
      { sizeLimit: 0, timeLimit: 0, page: { size: 250, cookie: '' } },
      { sizeLimit: 0, timeLimit: 0, page: { size: 250, cookie: 'a' } },
    ]);
  });

  test('asks for the needed attributes only', async () => {
    const { url, searches } = await serve(() => [person(0), whole]);

    await readAll(connectorToUrl(url, { leavers: { signals: ['shadowExpire'] } }), ['cn', 'Mail', 'mail']);

    const own = ['entryuuid', 'uid', 'mail', 'employeenumber', 'shadowexpire'];
    expect(searches[0]?.attributes).toEqual([...own, 'cn']);
  });

  test('that the server does not know is fine where everybody comes at once', async () => {
    const connector = await serving(() => [person(0), person(1), person(2), { kind: 'done' }]);

    expect((await readAll(connector)).completeness).toEqual({ kind: 'complete' });
  });

  test('whose control was lost, exactly one page having come, is incomplete', async () => {
    const connector = await serving(() => [person(0), person(1), { kind: 'done' }], { pageSize: 2 });

    expect(reasonOf((await readAll(connector)).completeness)).toContain('not whether more follow');
  });

  test('that stops half-way without the last cookie is incomplete', async () => {
    const connector = await serving(
      byCookie({ '': [person(0), pageEnd('a')], a: [person(1), { kind: 'done' }] }),
    );

    expect(reasonOf((await readAll(connector)).completeness)).toContain('stopped paging');
  });

  test('that the server refuses is a clear error', async () => {
    const connector = await serving(() => [{ kind: 'done', code: 12, diagnostic: 'critical extension' }]);

    const error = await sourceErrorOf(readAll(connector));

    expect(error.kind).toBe('protocol');
    expect(error.message).toContain('The server refuses paged results');
  });
});

test('a consumer that is slow is waited for, also where the server sends everybody at once', async () => {
  const everybody = Array.from({ length: 20_000 }, (_, index) =>
    personReply(`0a1b2c3d-0000-4000-8000-${String(index).padStart(12, '0')}`),
  );
  const connector = await serving(() => [...everybody, { kind: 'done' }], { pageSize: 100 });
  const sizes: number[] = [];

  for await (const part of connector.read({ attributes: [], signal: new AbortController().signal })) {
    if (part.kind === 'batch') sizes.push(part.identities.length);
    if (sizes.length < 5) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  expect(sizes.reduce((sum, size) => sum + size)).toBe(20_000);
  // What one read from the socket can hold, and no more.
  expect(Math.max(...sizes)).toBeLessThan(3_000);
});

describe('a result other than success after people were seen', () => {
  test.each([
    [1, 'operationsError (1)'],
    [3, 'timeLimitExceeded (3)'],
    [4, 'sizeLimitExceeded (4)'],
    [10, 'referral (10) to ldap://other/'],
    [11, 'adminLimitExceeded (11)'],
    [32, 'noSuchObject (32)'],
    [50, 'insufficientAccessRights (50)'],
    [51, 'busy (51)'],
    [52, 'unavailable (52)'],
    [53, 'unwillingToPerform (53)'],
    [80, 'other (80)'],
    [4_096, 'result (4096)'],
  ])('is incomplete with code %i, and those seen are kept', async (code, name) => {
    const end: Reply = {
      ...{ kind: 'done', code, diagnostic: 'because' },
      ...(code === 10 && { referrals: ['ldap://other/'] }),
    };
    const samePage = await serving(() => [person(0), person(1), end]);
    const onSamePage = await readAll(samePage);
    await server?.stop();
    const laterPage = await serving(byCookie({ '': [person(0), person(1), pageEnd('a')], a: [end] }));
    const onLaterPage = await readAll(laterPage);

    for (const { identities, completeness } of [onSamePage, onLaterPage]) {
      expect(identities).toHaveLength(2);
      expect(reasonOf(completeness)).toBe(`The server ended the search with ${name}, "because".`);
    }
  });
});

test.each([
  [2, 'protocol'],
  [3, 'permission'],
  [4, 'permission'],
  [10, 'base'],
  [11, 'permission'],
  [18, 'filter'],
  [32, 'base'],
  [34, 'base'],
  [50, 'permission'],
  [51, 'unreachable'],
  [53, 'permission'],
])('result %i before anybody was seen is a source error of kind %s', async (code, kind) => {
  const connector = await serving(() => [{ kind: 'done', code }]);

  expect((await sourceErrorOf(readAll(connector))).kind).toBe(kind);
});

describe('an answer', () => {
  test('of success without anybody is incomplete', async () => {
    const connector = await serving(() => [whole]);

    expect(reasonOf((await readAll(connector)).completeness)).toContain(
      'An account that has lost its rights',
    );
  });

  test('with references to other servers is incomplete, also where they come on an early page', async () => {
    const connector = await serving(
      byCookie({
        '': [person(0), { kind: 'reference', uris: ['ldap://one/', 'ldap://two/'] }, pageEnd('a')],
        a: [person(1), whole],
      }),
    );

    const { identities, completeness } = await readAll(connector);

    expect(identities).toHaveLength(2);
    expect(reasonOf(completeness)).toContain('ldap://one/, ldap://two/');
  });

  test('cut in the middle of a message is incomplete; what came whole is kept; the next reading is whole', async () => {
    let isCut = true;
    const connector = await serving((search) => {
      if (search.page?.cookie === '') return [person(0), pageEnd('a')];
      return isCut ? [person(1), { kind: 'cut' }] : [person(1), whole];
    });

    const broken = await readAll(connector);
    isCut = false;
    const again = await readAll(connector);

    expect(broken.identities).toHaveLength(1);
    expect(reasonOf(broken.completeness)).toContain('The connection was lost while reading');
    expect(again).toMatchObject({ completeness: { kind: 'complete' } });
    expect(again.identities).toHaveLength(2);
  });

  test('cut before a page was whole is an error', async () => {
    const connector = await serving(() => [person(0), { kind: 'cut' }]);

    expect((await sourceErrorOf(readAll(connector))).kind).toBe('unreachable');
  });

  test('cut off by a notice of disconnection says why', async () => {
    const connector = await serving(
      byCookie({ '': [person(0), pageEnd('a')], a: [{ kind: 'notice', diagnostic: 'going down' }] }),
    );

    expect(reasonOf((await readAll(connector)).completeness)).toContain('going down');
  });

  test('that never comes is given up after the time-out; nothing is asked again by itself', async () => {
    const scripted = await serve(byCookie({ '': [person(0), pageEnd('a')] }));

    const { completeness } = await readAll(connectorToUrl(scripted.url, { timeout: '300ms' }));

    expect(reasonOf(completeness)).toContain('took longer than 0.3 s');
    expect(scripted.connections()).toBe(1);
  });

  test('waited for in vain ends at once when the reading is stopped', async () => {
    const stop = new AbortController();
    const connector = await serving(() => {
      stop.abort(new Error('enough'));
      return [];
    });

    await expect(readAll(connector, ['cn'], stop.signal)).rejects.toThrow('enough');
  });

  test('with a broken entry is not taken for a shorter one', async () => {
    // An entry whose inner lengths reach beyond the message.
    const bytes = Buffer.from('300c020102640704017530051234', 'hex');
    const connector = await serving((search) =>
      search.page?.cookie === '' ? [person(0), pageEnd('a')] : [{ kind: 'bytes', bytes }, whole],
    );

    const { identities, completeness } = await readAll(connector);

    expect(identities).toHaveLength(1);
    expect(completeness.kind).toBe('incomplete');
  });
});

describe('attributes', () => {
  test('that somebody lacks, or has without a value, are absent keys', async () => {
    const connector = await serving(() => [person(0, { CN: ['a'], title: [] }), whole]);

    const { identities } = await readAll(connector, ['cn', 'title', 'mail', 'sn']);

    expect(identities[0]?.attributes).toEqual({ cn: ['a'] });
    expect(identities[0]).toMatchObject({ login: undefined, email: undefined, groups: [] });
  });

  test('of e-mail are trimmed, and empty ones are none', async () => {
    const connector = await serving(() => [
      person(0, { mail: [' a@example.com '] }),
      person(1, { mail: ['  '] }),
      whole,
    ]);

    const { identities } = await readAll(connector);

    expect(identities.map(({ email }) => email)).toEqual(['a@example.com', undefined]);
  });

  test('as anchors compare without case', async () => {
    const connector = await serving(() => [
      { kind: 'entry', dn: 'uid=a', attributes: { ENTRYUUID: ['0A1B2C3D-0000-4000-8000-000000000000'] } },
      person(0),
      whole,
    ]);

    const { identities, skipped } = await readAll(connector);

    expect(identities.map((one) => one.anchor)).toEqual([uuids[0]]);
    expect(skipped).toMatchObject([{ anchor: uuids[0] }]);
  });

  test('with several anchors skip the entry', async () => {
    const connector = await serving(() => [
      person(0),
      { kind: 'entry', dn: 'uid=two', attributes: { entryUUID: [uuids[1] ?? '', uuids[2] ?? ''] } },
      whole,
    ]);

    const { skipped, completeness } = await readAll(connector);

    expect(skipped[0]?.reason).toContain('uid=two has 2 values of entryUUID');
    expect(completeness.kind).toBe('incomplete');
  });

  test.each([
    'objectGUID',
    'OBJECTGUID',
    'objectguid',
  ])('in binary are GUID text as %s, whatever the bytes look like', async (spelling) => {
    // The second value is ASCII throughout, and so looks like text.
    const values = [Buffer.from('33221100554477668899aabbccddeeff', 'hex'), Buffer.from('ABCDEFGHIJKLMNOP')];
    const connector = await serving(
      () => [
        ...values.map(
          (value, index): Reply => ({
            kind: 'entry',
            dn: `cn=${index}`,
            attributes: {
              objectGUID: [value],
              photo: [Buffer.from('text')],
              description: [Buffer.from([0xff])],
            },
          }),
        ),
        whole,
      ],
      { attributes: { anchor: spelling } },
    );

    const { identities } = await readAll(connector, ['photo', 'description']);

    expect(identities.map((one) => one.anchor)).toEqual([
      '00112233-4455-6677-8899-aabbccddeeff',
      '44434241-4645-4847-494a-4b4c4d4e4f50',
    ]);
    expect(identities[0]?.attributes).toEqual({ photo: ['dGV4dA=='], description: ['/w=='] });
  });
});

describe('a lookup', () => {
  const lookup = async (onSearch: (search: ScriptedSearch) => readonly Reply[], settings = {}) =>
    (await serving(onSearch, settings)).lookup(uuids.slice(0, 2).map(anchor), new AbortController().signal);
  const kinds = (answers: ReadonlyMap<unknown, { readonly kind: string }>) =>
    [...answers.values()].map(({ kind }) => kind);

  test('says absent only after success', async () => {
    expect(kinds(await lookup(() => [person(0), whole]))).toEqual(['present', 'absent']);
  });

  test.each([
    ['a limit', [person(0), { kind: 'done', code: 4 }]],
    ['a referral', [person(0), { kind: 'reference', uris: ['ldap://other/'] }, whole]],
    ['a cut connection', [person(0), { kind: 'cut' }]],
    ['somebody found without an anchor', [person(0), { kind: 'entry', dn: 'uid=x', attributes: {} }, whole]],
  ] as readonly [string, readonly Reply[]][])('is unknown after %s', async (_, replies) => {
    const answers = await lookup(() => replies, { pageSize: 1 });

    expect(kinds(answers)).toEqual(['present', 'unknown']);
  });

  test('that finds nobody is unknown where the account sees nobody at all', async () => {
    const answers = await lookup(() => [whole]);

    expect([...answers.values()]).toMatchObject([
      { kind: 'unknown', reason: expect.stringContaining('sees nobody') },
      { kind: 'unknown' },
    ]);
  });

  test("that finds nobody is unknown where the account can't search by anchor", async () => {
    const answers = await lookup(({ number }) => (number === 1 ? [person(5), whole] : [whole]));

    expect([...answers.values()]).toMatchObject([
      { kind: 'unknown', reason: expect.stringContaining("can't find people by entryUUID") },
      { kind: 'unknown' },
    ]);
  });

  test('that finds nobody is absent where somebody else is found by anchor', async () => {
    const answers = await lookup(({ number }) => (number === 0 ? [whole] : [person(5), whole]));

    expect(kinds(answers)).toEqual(['absent', 'absent']);
  });
});
