import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema, type LdifSourceConfig } from '../../../config/schema.ts';
import type { ReadingPart, WantedAttributes } from '../../../connectors/connector.ts';
import { createLdifConnector } from '../../../connectors/ldif/index.ts';
import type { Anchor } from '../../../src/identity/identity.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ldif-'));
  file = join(folder, 'people.ldif');
});

afterEach(() => rm(folder, { recursive: true }));

function configured(extra: object = {}): LdifSourceConfig {
  const [source] = configSchema.parse({
    profileApi: { url: 'https://app.example.org', apiKey: 'k' },
    sources: [{ id: 'export', type: 'ldif', file, ...extra }],
  }).sources;
  if (source?.type !== 'ldif') throw new Error('no LDIF source');
  return source;
}

const never = () => new AbortController().signal;

async function readAll(extra: object = {}, attributes: WantedAttributes = ['cn']) {
  const parts: ReadingPart[] = [];
  for await (const part of createLdifConnector(configured(extra)).read({ attributes, signal: never() }))
    parts.push(part);
  const batches = parts.filter((part) => part.kind === 'batch');
  const ends = parts.filter((part) => part.kind === 'end');
  expect(ends).toHaveLength(1);
  expect(parts.at(-1)).toBe(ends[0]);
  return {
    sizes: batches.map((batch) => batch.identities.length),
    people: batches.flatMap((batch) => batch.identities),
    skipped: batches.flatMap((batch) => batch.skipped),
    completeness: ends[0]?.completeness,
  };
}

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const person = (n: number, ...lines: string[]) =>
  [
    `dn: uid=p${n},dc=example,dc=org`,
    'objectClass: top',
    'objectclass: Person',
    `entryUUID: ${uuid(n).toUpperCase()}`,
    `uid: p${n}`,
    `mail: p${n}@example.org`,
    `cn: Person ${n}`,
    ...lines,
    '',
    '',
  ].join('\n');

describe('people', () => {
  it('become identities in normal form, attributes spelled as asked', async () => {
    await writeFile(
      file,
      person(1, 'memberOf: cn=a', 'memberOf: cn=b', 'departmentNumber: 7') +
        'dn: ou=x\nobjectClass: organizationalUnit\n',
    );

    const { people, skipped, completeness } = await readAll({}, ['CN', 'departmentnumber', 'mobile']);

    expect(people).toEqual([
      {
        source: 'export',
        anchor: uuid(1),
        label: 'uid=p1,dc=example,dc=org',
        login: 'p1',
        email: 'p1@example.org',
        active: true,
        whyInactive: undefined,
        leaveAt: undefined,
        leaveAtFrom: undefined,
        groups: ['cn=a', 'cn=b'],
        attributes: { CN: ['Person 1'], departmentnumber: ['7'] },
      },
    ]);
    expect(skipped).toEqual([]);
    expect(completeness).toEqual({ kind: 'complete' });
  });

  it('come with everything when everything is asked for, binary values as base64', async () => {
    await writeFile(
      file,
      person(1, 'photo:: /9j/4A==', 'title;lang-de: Leiterin', 'userCertificate;binary:: AAECAw=='),
    );

    const [first] = (await readAll({}, 'all')).people;

    expect(first?.attributes).toMatchObject({
      cn: ['Person 1'],
      photo: ['/9j/4A=='],
      'title;lang-de': ['Leiterin'],
      objectClass: ['top', 'Person'],
    });
  });

  it('have the employee number of the configured attribute', async () => {
    await writeFile(file, person(1, 'employeeNumber: 4711', 'employeeID: 7') + person(2));

    const usual = await readAll();
    const told = await readAll({ attributes: { employeeNumber: 'EmployeeId' } });

    expect(usual.people.map((one) => one.employeeNumber)).toEqual(['4711', undefined]);
    expect(told.people.map((one) => one.employeeNumber)).toEqual(['7', undefined]);
  });

  it('have a first day where an attribute of it is named', async () => {
    await writeFile(file, person(1, 'hireDate: 2026-04-01') + person(2, 'hireDate: soon') + person(3));

    const usual = await readAll();
    const told = await readAll({
      attributes: { startDate: { attribute: 'HireDate', timezone: 'Asia/Tokyo' } },
    });

    expect(usual.people.map((one) => one.start)).toEqual([undefined, undefined, undefined]);
    expect(told.people.map((one) => one.start)).toEqual([
      { kind: 'at', at: new Date('2026-03-31T15:00:00Z'), from: 'HireDate' },
      { kind: 'unreadable', from: 'HireDate', expected: 'a date such as 2026-03-31' },
      undefined,
    ]);
  });

  it('come in batches of a thousand', async () => {
    await writeFile(file, Array.from({ length: 2_500 }, (_, n) => person(n)).join(''));

    const { sizes, completeness } = await readAll();

    expect(sizes).toEqual([1_000, 1_000, 500]);
    expect(completeness).toEqual({ kind: 'complete' });
  });

  it('have the GUID that Microsoft shows, even where its bytes are valid UTF-8', async () => {
    const guid = Buffer.from('abcdefghijklmnop').toString('base64');
    await writeFile(file, `dn: cn=a\nobjectClass: user\nobjectGUID:: ${guid}\nuserAccountControl: 514\n`);

    const { people } = await readAll({
      filter: { objectClass: 'user' },
      attributes: { anchor: 'objectGUID' },
    });

    expect(people).toMatchObject([{ anchor: '64636261-6665-6867-696a-6b6c6d6e6f70', active: false }]);
  });

  it.each([
    'nsAccountLock: TRUE',
    'pwdAccountLockedTime: 000001010000Z',
    'loginDisabled: TRUE',
  ])('are inactive with %s', async (line) => {
    await writeFile(file, person(1, line));

    expect((await readAll()).people).toMatchObject([{ active: false }]);
  });
});

describe('records that are skipped', () => {
  it('for want of an anchor, with the way to export it', async () => {
    await writeFile(file, `${person(1)}dn: cn=no\nobjectClass: person\n`);

    const { people, skipped, completeness } = await readAll();

    expect(people).toHaveLength(1);
    expect(skipped).toEqual([
      {
        label: 'cn=no',
        anchor: undefined,
        reason: expect.stringMatching(/^Line 9: It has no entryUUID.*'\+'/),
      },
    ]);
    expect(completeness).toEqual({ kind: 'complete' });
  });

  it('for an anchor given twice, two anchors, and no objectClass', async () => {
    await writeFile(
      file,
      `${person(1)}${person(1)}${person(2, `entryUUID: ${uuid(3)}`)}dn: cn=x\nentryUUID: ${uuid(4)}\n`,
    );

    const { people, skipped } = await readAll();

    expect(people).toHaveLength(1);
    expect(skipped).toMatchObject([
      { anchor: uuid(1), reason: expect.stringContaining('that of line 1 too') },
      { anchor: undefined, reason: expect.stringContaining('2 values of entryUUID') },
      { anchor: uuid(4), reason: expect.stringContaining('no objectClass') },
    ]);
  });

  it('for being unreadable, which makes the reading incomplete', async () => {
    await writeFile(file, `${person(1)}${person(2, 'sn:: QQ')}${person(3)}`);

    const { people, skipped, completeness } = await readAll();

    expect(people.map(({ anchor }) => anchor)).toEqual([uuid(1), uuid(3)]);
    expect(skipped).toMatchObject([
      { label: 'uid=p2,dc=example,dc=org', reason: expect.stringContaining('Line 16') },
    ]);
    expect(completeness).toMatchObject({ kind: 'incomplete', reason: expect.stringContaining('Line 16') });
  });
});

describe('a reading is incomplete', () => {
  it.each([
    ['of an empty file', '', /no entry/],
    ['of comments alone', '# nothing\nversion: 1\n', /no entry/],
    ['without a person', 'dn: ou=x\nobjectClass: organizationalUnit\n', /none of its 1 entries/],
    ['after a size limit', `${person(1)}search: 2\nresult: 4 Size limit exceeded\n`, /Size limit/],
    ['of a file cut off', person(1).trimEnd(), /cut off/],
  ])('%s', async (_, content, reason) => {
    await writeFile(file, content);

    const { completeness } = await readAll();

    expect(completeness).toEqual({ kind: 'incomplete', reason: expect.stringMatching(reason) });
  });

  it('of a file that changed meanwhile', async () => {
    await writeFile(file, Array.from({ length: 2_500 }, (_, n) => person(n)).join(''));
    let completeness: unknown;

    for await (const part of createLdifConnector(configured()).read({ attributes: [], signal: never() })) {
      if (part.kind === 'batch') await appendFile(file, '\n');
      else completeness = part.completeness;
    }

    expect(completeness).toEqual({ kind: 'incomplete', reason: expect.stringContaining('changed while') });
  });
});

describe('a file that is no export', () => {
  it.each([
    ['JSON', '{\n"a": 1\n}\n', /Line 1: there is no colon/],
    ['CSV', 'name,mail\nanna,a@example.org\n', /Line 1: there is no colon/],
    ['changes', 'dn: a\nchangetype: modify\nreplace: cn\ncn: x\n-\n', /Line 2: .*file of changes/],
    ['UTF-16', Buffer.from('\ufeffdn: a\n', 'utf16le'), /UTF-16/],
    ['a thousand lines of something', 'x\n\n'.repeat(5_000), /Line 1/],
  ])('%s is an error', async (_, content, reason) => {
    await writeFile(file, content);

    await expect(readAll()).rejects.toMatchObject({
      name: 'SourceError',
      kind: 'file',
      message: expect.stringMatching(reason),
    });
  });

  it('one that is missing, or a folder', async () => {
    await expect(readAll()).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining('does not exist'),
    });
    await expect(readAll({ file: folder })).rejects.toMatchObject({ kind: 'file' });
  });
});

describe('lookup', () => {
  const anchors = [uuid(1), uuid(9)] as Anchor[];

  it('answers present and absent from the file as it is now', async () => {
    await writeFile(file, person(1) + person(2));
    const connector = createLdifConnector(configured());

    const found = await connector.lookup(anchors, never());

    expect([...found]).toEqual([
      [uuid(1), { kind: 'present' }],
      [uuid(9), { kind: 'absent' }],
    ]);
    await writeFile(file, person(2));
    expect((await connector.lookup(anchors, never())).get(uuid(1) as Anchor)).toEqual({ kind: 'absent' });
  });

  it('calls nobody absent whom an unreadable record could be', async () => {
    await writeFile(file, person(1) + person(9, 'no colon'));

    const found = await createLdifConnector(configured()).lookup(anchors, never());

    expect(found.get(uuid(1) as Anchor)).toEqual({ kind: 'present' });
    expect(found.get(uuid(9) as Anchor)).toMatchObject({ kind: 'unknown' });
  });
});

describe('probe', () => {
  const probe = (extra: object = {}) =>
    createLdifConnector(configured(extra)).probe({ attributes: [], signal: never() });

  it('finds nothing wrong with a sound file', async () => {
    await writeFile(file, person(1));

    expect((await probe()).every((finding) => finding.ok)).toBe(true);
  });

  it.each([
    ['an empty file', '', {}, /no entry/],
    ['another object class', person(1), { filter: { objectClass: 'user' } }, /objectClass user/],
    ['a missing anchor', person(1), { attributes: { anchor: 'nsUniqueId' } }, /no nsUniqueId/],
    ['an e-mail attribute that nobody has', person(1), { attributes: { email: 'email' } }, /None .* email/],
    ['an unreadable record', person(1, 'x'), {}, /can't be read/],
  ])('names %s', async (_, content, extra, text) => {
    await writeFile(file, content);

    const wrong = (await probe(extra)).filter((finding) => !finding.ok);

    expect(wrong).toMatchObject([{ text: expect.stringMatching(text), mend: expect.any(String) }]);
  });

  it('makes a finding of a missing file', async () => {
    expect(await probe()).toMatchObject([{ ok: false, text: expect.stringContaining('does not exist') }]);
  });
});

it('stops when it is told to', async () => {
  await writeFile(file, person(1));
  const reading = createLdifConnector(configured()).read({
    attributes: [],
    signal: AbortSignal.abort(new Error('enough')),
  });

  await expect(reading[Symbol.asyncIterator]().next()).rejects.toThrow('enough');
});

describe('find', () => {
  it('shows single people by address, login or anchor as a reading shows them', async () => {
    await writeFile(file, person(1) + person(2) + person(3));
    const { people } = await readAll();
    const [one, two, three] = people;
    const names = [one?.email?.toUpperCase() ?? '', two?.login ?? '', three?.anchor ?? ''];
    const connector = createLdifConnector(configured());

    for (const [index, name] of names.entries())
      expect(await connector.find([name], { attributes: ['cn'], signal: never() })).toEqual({
        identities: [people[index]],
        skipped: [],
        incomplete: undefined,
      });
    expect(await connector.find(['nobody'], { attributes: ['cn'], signal: never() })).toEqual({
      identities: [],
      skipped: [],
      incomplete: undefined,
    });
  });

  it('says where an unreadable record could be the one who is looked for', async () => {
    await writeFile(file, person(1) + person(9, 'no colon'));

    const found = await createLdifConnector(configured()).find([uuid(9)], {
      attributes: [],
      signal: never(),
    });

    expect(found.incomplete).toContain("can't be read");
  });
});
