/**
 * DirSync as Microsoft's own server answers it ([MS-ADTS] 3.1.1.3.4.1.3), where Samba does otherwise: it refuses an account
 * without the right to replicate, and tells much in several answers.
 */
import { expect, test } from 'vitest';
import { dirSyncFlags, dirSyncOid } from '../../../connectors/ldap/deltas/dirsync-control.ts';
import { BerCursor, berTag } from '../../../connectors/ldap/wire/ber.ts';
import { element, integerElement } from '../../../connectors/ldap/wire/controls.ts';
import { type Reply, type ScriptedSearch, startScriptedLdap } from '../../servers/scripted-ldap.ts';
import { gone, readWhole, tell } from './changes.ts';
import { connectorToUrl } from './source.ts';

const base = 'DC=ad,DC=test';
const guid = (index: number) => Buffer.alloc(16, index + 1);
const names = ['ann', 'bob', 'cho'] as const;

const personOf = (index: number, title = ''): Reply => ({
  kind: 'entry',
  dn: `CN=${names[index]},${base}`,
  attributes: {
    ...{ objectGUID: [guid(index)], sAMAccountName: [names[index] ?? ''], mail: [`${names[index]}@ad.test`] },
    ...{ userAccountControl: ['512'], accountExpires: ['0'], title: [title] },
  },
});

const rootDse: Reply = {
  kind: 'entry',
  dn: '',
  attributes: {
    namingContexts: [base],
    defaultNamingContext: [base],
    supportedControl: [dirSyncOid, '1.2.840.113556.1.4.319'],
    supportedCapabilities: ['1.2.840.113556.1.4.800'],
  },
};

/** What a request for changes asked for; undefined where it is another search. */
function askedBy({ controls }: ScriptedSearch) {
  const value = controls.get(dirSyncOid);
  if (value === undefined) return undefined;
  const sequence = new BerCursor(value, 0, value.length).enter(berTag.sequence);
  const flags = sequence.integer();
  sequence.skip();
  return { flags, cookie: sequence.bytes().toString() };
}

const answered = (cookie: string, hasMore = false): Reply => ({
  kind: 'done',
  control: {
    oid: dirSyncOid,
    value: element(
      berTag.sequence,
      integerElement(hasMore ? 1 : 0),
      integerElement(0),
      element(berTag.octets, Buffer.from(cookie)),
    ),
  },
});

const people = [...names.map((_, index) => personOf(index)), { kind: 'done', cookie: '' } as const];
const insufficient: Reply = {
  kind: 'done',
  code: 50,
  diagnostic: '00002105: SecErr: DSID-03151D6D, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0',
};

/** @param onDirSync what a request for changes gets */
const startServer = (onDirSync: (asked: NonNullable<ReturnType<typeof askedBy>>) => readonly Reply[]) =>
  startScriptedLdap({
    onSearch: (search) => {
      const asked = askedBy(search);
      if (asked !== undefined) return onDirSync(asked);
      return search.base === '' ? [rootDse, { kind: 'done' }] : people;
    },
  });

const connect = (url: string) =>
  connectorToUrl(url, { vendor: 'active-directory', baseDn: base, delta: 'dirsync' });

test('an account without the right to replicate is told what it may see, and who has gone by the ids', async () => {
  const flagsAsked: number[] = [];
  const server = await startServer(({ flags, cookie }) => {
    flagsAsked.push(flags);
    if ((flags & dirSyncFlags.objectSecurity) === 0) return [insufficient];
    return cookie === '' ? [answered('one')] : [personOf(1), answered('two')];
  });
  try {
    const connector = connect(server.url);
    const { anchors, cursor } = await readWhole(connector);

    const told = await tell(connector, cursor);

    expect(flagsAsked.map((flags) => (flags & dirSyncFlags.objectSecurity) !== 0)).toEqual([
      false,
      true,
      true,
    ]);
    expect(told.end.kind).toBe('end');
    expect(told.inView?.size).toBe(3);
    expect(gone(told, anchors.values())).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('changes in several answers are read to the last one, each with the cookie of the one before', async () => {
  const cookies: string[] = [];
  const server = await startServer(({ cookie }) => {
    cookies.push(cookie);
    if (cookie === '') return [answered('one')];
    if (cookie === 'one') return [personOf(0), answered('two', true)];
    return cookie === 'two' ? [personOf(1), answered('three', true)] : [personOf(2), answered('four')];
  });
  try {
    const connector = connect(server.url);
    const { anchors, cursor } = await readWhole(connector);

    const told = await tell(connector, cursor);

    expect(cookies).toEqual(['', 'one', 'two', 'three']);
    expect([...told.changed.keys()].sort()).toEqual([...anchors.values()].sort());
    expect(told.end).toMatchObject({
      cursor: expect.stringContaining(Buffer.from('four').toString('base64')),
    });
  } finally {
    await server.stop();
  }
});

test.each([
  ['the right was taken back', insufficient, 'insufficientAccessRights (50)'],
  ['the cookie is too old', { kind: 'done', code: 53, diagnostic: '' } as const, 'unwillingToPerform (53)'],
  ['no cookie comes back', { kind: 'done' } as const, 'it sent no cookie back'],
])('where %s, the whole source is to be read', async (_, reply, why) => {
  const server = await startServer(({ cookie }) =>
    cookie === '' ? [answered('one')] : [personOf(0), reply],
  );
  try {
    const connector = connect(server.url);
    const { anchors, cursor } = await readWhole(connector);

    const told = await tell(connector, cursor);

    expect(told.end).toMatchObject({ kind: 'cursor-lost', reason: expect.stringContaining(why) });
    expect(gone(told, anchors.values())).toEqual([]);
  } finally {
    await server.stop();
  }
});
