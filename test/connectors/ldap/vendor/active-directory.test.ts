import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Identity } from '../../../../src/identity/identity.ts';
import { type Samba, startSamba } from '../../../servers/samba.ts';
import { connectorToSamba, readAll, reasonOf, sourceErrorOf } from '../source.ts';

let samba: Samba;

beforeAll(async () => {
  samba = await startSamba({ people: 20 });
});

afterAll(async () => {
  await samba.stop();
});

/** One person with these attributes, as a reading tells of them. */
async function readOne(attributes: Record<string, string | readonly string[]>, settings = {}) {
  const dn = await samba.addPerson('Zoe Zander', { sAMAccountName: 'zoe', ...attributes });
  try {
    const reading = await readAll(
      connectorToSamba(samba, { filter: '(sAMAccountName=zoe)', ...settings }),
      [],
    );
    return { ...reading, identity: reading.identities[0], skip: reading.skipped[0] };
  } finally {
    await samba.remove(dn);
  }
}

const byLogin = (identities: readonly Identity[]) => new Map(identities.map((one) => [one.login, one]));

describe('a domain is read without a word about it in the configuration', () => {
  test('its people, by what is usual there, and neither its computers nor its built-in accounts', async () => {
    await samba.add(`CN=PC1,${samba.peopleDn}`, {
      objectClass: 'computer',
      sAMAccountName: 'PC1$',
      userAccountControl: '4128',
    });
    const { identities, skipped, completeness } = await readAll(
      connectorToSamba(samba, { baseDn: samba.baseDn }),
      ['displayName'],
    );
    await samba.remove(`CN=PC1,${samba.peopleDn}`);

    expect(reasonOf(completeness)).toMatch(/^(complete|Parts of the tree)/);
    expect(skipped).toEqual([]);
    expect(identities.map(({ login }) => login).sort()).toEqual(
      ['reader', ...Array.from({ length: 20 }, (_, index) => `u${index}`)].sort(),
    );
    expect(byLogin(identities).get('u3')).toMatchObject({
      email: 'u3@example.com',
      active: true,
      leaveAt: undefined,
      attributes: { displayName: ['Adams Łukasz 3'] },
    });
  });

  test('objectGUID is the anchor, as Windows shows it, and finds people again', async () => {
    const connector = connectorToSamba(samba);
    const { identities } = await readAll(connector);
    const anchors = identities.map(({ anchor }) => anchor);

    for (const anchor of anchors) expect(anchor).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const answers = await connector.lookup(anchors, new AbortController().signal);
    expect([...answers.values()]).toEqual(anchors.map(() => ({ kind: 'present' })));
  });

  test('the anchor stays with somebody who is renamed and moved', async () => {
    const dn = await samba.addPerson('Anna Alt', { sAMAccountName: 'anna' }, `OU=A,${samba.peopleDn}`);
    const only = connectorToSamba(samba, { filter: '(sAMAccountName=anna)' });
    const before = await readAll(only);
    await samba.rename(dn, 'CN=Anna Müller\\, Dr.', `OU=B,${samba.peopleDn}`);
    const after = await readAll(only);
    await samba.remove(`CN=Anna Müller\\, Dr.,OU=B,${samba.peopleDn}`);

    expect(after.identities[0]?.anchor).toBe(before.identities[0]?.anchor);
    expect(after.identities[0]?.label).toBe(`CN=Anna Müller\\, Dr.,OU=B,${samba.peopleDn}`);
  });

  test('somebody who is deleted is absent, and everybody else present', async () => {
    const connector = connectorToSamba(samba);
    const dn = await samba.addPerson('Gone', { sAMAccountName: 'gone' });
    const { identities } = await readAll(connector);
    await samba.remove(dn);

    const answers = await connector.lookup(
      identities.map(({ anchor }) => anchor),
      new AbortController().signal,
    );

    const kinds = new Map(identities.map((one) => [one.login, answers.get(one.anchor)?.kind]));
    expect(kinds.get('gone')).toBe('absent');
    kinds.delete('gone');
    expect(new Set(kinds.values())).toEqual(new Set(['present']));
  });
});

describe('the domain says who left', () => {
  test.each([
    ['disabled', { userAccountControl: '546' }, { active: false }],
    ['enabled', { userAccountControl: '544' }, { active: true, leaveAt: undefined }],
    ['never expires', { accountExpires: '9223372036854775807' }, { active: true, leaveAt: undefined }],
    ['never expires, the other way', { accountExpires: '0' }, { active: true, leaveAt: undefined }],
    [
      'expires',
      { accountExpires: '134194464000000000' },
      { active: true, leaveAt: new Date('2026-03-31T16:00:00Z'), leaveAtFrom: 'accountExpires' },
    ],
  ])('%s', async (_, attributes, expected) => {
    const { identity } = await readOne(attributes);

    expect(identity).toMatchObject(expected);
  });

  test('whoever is locked after wrong passwords did not leave', async () => {
    // Only a domain controller can set this; 'lockoutTime' is what makes it say so.
    const { identity } = await readOne({ lockoutTime: '133800000000000000' });

    expect(identity).toMatchObject({ active: true });
  });

  test('by an attribute of the house, until the end of that day in its time zone', async () => {
    const { identity } = await readOne(
      { description: '2026-03-31' },
      { leavers: { dates: [{ attribute: 'description', timezone: 'Europe/Vienna' }] } },
    );

    expect(identity).toMatchObject({
      leaveAt: new Date('2026-03-31T22:00:00Z'),
      leaveAtFrom: 'description',
    });
  });

  test('a date that cannot be read skips that person, whose anchor is known', async () => {
    const { identities, skip, completeness } = await readOne(
      { description: '31.3.2026' },
      { leavers: { dates: [{ attribute: 'description' }] } },
    );

    expect(identities).toEqual([]);
    expect(skip?.anchor).toMatch(/^[0-9a-f-]{36}$/);
    expect(skip?.reason).toBe(
      'Whether they left is not clear, since description is not a date such as 2026-03-31. Mend it in the directory, or the rules in leavers.',
    );
    expect(completeness).toEqual({ kind: 'complete' });
  });

  test('a computer that a filter lets in is skipped', async () => {
    await samba.add(`CN=PC2,${samba.peopleDn}`, {
      objectClass: 'computer',
      sAMAccountName: 'PC2$',
      userAccountControl: '4128',
    });
    const { identities, skipped } = await readAll(
      connectorToSamba(samba, { filter: '(sAMAccountName=PC2$)' }),
    );
    await samba.remove(`CN=PC2,${samba.peopleDn}`);

    expect(identities).toEqual([]);
    expect(skipped[0]?.reason).toContain("a computer's account");
  });
});

describe('the e-mail address', () => {
  const addresses = [
    'smtp:other@example.com',
    'SMTP:Zoe.Zander@Example.com',
    'X400:c=AT',
    'sip:zoe@example.com',
  ];

  test('is the primary one of Exchange where mail is missing', async () => {
    expect((await readOne({ proxyAddresses: addresses })).identity?.email).toBe('Zoe.Zander@Example.com');
  });

  test('is mail where that is there', async () => {
    const { identity } = await readOne({ proxyAddresses: addresses, mail: ' Zoe@Example.com ' });

    expect(identity?.email).toBe('Zoe@Example.com');
  });

  test('is missing where nobody knows it', async () => {
    expect((await readOne({ proxyAddresses: ['smtp:other@example.com'] })).identity?.email).toBeUndefined();
  });
});

test.each([
  ['a wrong password', { password: 'wrong' }, 'data 52e', 'the password is wrong'],
  ['an account that is not there', { bindDn: 'nobody@ad.test' }, 'data 52e', 'the password is wrong'],
])('%s is told in words', async (_, settings, code, meaning) => {
  const error = await sourceErrorOf(readAll(connectorToSamba(samba, settings)));

  expect(error.kind).toBe('credentials');
  expect(error.message).toContain(code);
  expect(error.message).toContain(meaning);
});

test('a disabled account cannot sign in, and the error says why', async () => {
  const reader = `CN=reader,CN=Users,${samba.baseDn}`;
  await samba.modify(reader, 'userAccountControl', ['514']);
  const error = await sourceErrorOf(readAll(connectorToSamba(samba)));
  await samba.modify(reader, 'userAccountControl', ['512']);

  expect(error.message).toContain('data 533');
  expect(error.message).toContain('the account is disabled');
});

describe('check', () => {
  const probe = (settings = {}) =>
    connectorToSamba(samba, settings).probe({ attributes: ['cn'], signal: new AbortController().signal });

  test('tells what the domain is, by what it is read, and how many people it has', async () => {
    const findings = await probe();

    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ text }) => text)).toEqual([
      `Connected to ${samba.ldapsUrl} with TLSv1.3`,
      `Signed in as ${samba.readerName}`,
      'It is read as Active Directory (it says: Samba Team (https://www.samba.org))',
      `Its naming contexts: ${samba.baseDn}, CN=Configuration,${samba.baseDn}, CN=Schema,CN=Configuration,${samba.baseDn}`,
      'The server supports paged results, DirSync, showing deleted objects',
      'In force: filter (&(sAMAccountType=805306368)(!(isCriticalSystemObject=TRUE))) (usual); anchor objectGUID (usual); login sAMAccountName (usual); e-mail mail, else proxyAddresses (usual); groups memberOf (usual); employee number employeeID (usual); leavers by userAccountControl, accountExpires (usual)',
      `The base ${samba.peopleDn} is there`,
      'Of 20 people sampled, all have the anchor objectGUID',
      'Seen in the sample: sAMAccountName, mail, cn',
      expect.stringMatching(/^Never seen in the sample: proxyAddresses, employeeID\. /),
      'Marks of leavers in the sample: userAccountControl (20), accountExpires (20)',
      expect.stringMatching(/^The account may not see deleted objects \(.*\): who is deleted is found out/),
      'Changes are read by DirSync, by what the account may see: it lacks the right Replicating Directory Changes (DS-Replication-Get-Changes), with which deletions would be told at once',
      expect.stringMatching(/ finds 20 people$/),
    ]);
  });

  test('tells of an account that may see deleted objects, and replicate', async () => {
    const findings = await probe({ bindDn: samba.adminName, password: samba.adminPassword });

    expect(findings.map(({ text }) => text)).toContain(
      'Changes are read by DirSync: the account has the right Replicating Directory Changes (DS-Replication-Get-Changes)',
    );

    expect(findings.map(({ text }) => text)).toContain(
      'The account may see deleted objects: whom a delta tells of as deleted is a leaver at once; a whole reading waits for the grace time',
    );
  });
});
