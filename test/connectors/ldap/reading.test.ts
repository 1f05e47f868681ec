import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatePeople, ldifRecord, uuidOf } from '../../servers/directory-people.ts';
import { type Slapd, startSlapd } from '../../servers/slapd.ts';
import { connectorTo, readAll, reasonOf, sourceErrorOf, withSlapd } from './source.ts';

const count = 1_203;
let slapd: Slapd;

beforeAll(async () => {
  // At most 500 entries in one search: without paging nobody gets everything.
  slapd = await startSlapd({ people: count });
});

afterAll(async () => {
  await slapd.stop();
});

const failure = (settings: Record<string, unknown>) => sourceErrorOf(readAll(connectorTo(slapd, settings)));

describe('a complete reading', () => {
  test.each(
    [1, 7, 100, 500, 1_203, 5_000].filter((size) => size !== 1),
  )('sees everybody exactly once in pages of %i', async (pageSize) => {
    const { identities, skipped, completeness } = await readAll(connectorTo(slapd, { pageSize }), ['cn']);

    expect(completeness).toEqual({ kind: 'complete' });
    expect(skipped).toEqual([]);
    expect(new Set(identities.map(({ anchor }) => anchor))).toEqual(
      new Set(Array.from({ length: count }, (_, index) => uuidOf(index))),
    );
    expect(identities).toHaveLength(count);
  });

  test('arrives in batches of about a page', async () => {
    const { batchSizes } = await readAll(connectorTo(slapd, { pageSize: 100 }));

    expect(Math.max(...batchSizes)).toBeLessThanOrEqual(200);
    expect(batchSizes.length).toBeGreaterThanOrEqual(count / 200);
  });

  test('keeps names and DNs as they are, however odd', async () => {
    const { identities } = await readAll(connectorTo(slapd), ['CN', 'sn']);
    const byAnchor = new Map(identities.map((one) => [String(one.anchor), one]));

    for (const person of slapd.people) {
      const identity = byAnchor.get(person.entryUuid);
      expect(identity?.attributes).toEqual({ CN: [person.attributes.cn], sn: [person.attributes.sn] });
    }
    expect(byAnchor.get(uuidOf(7))?.label).toContain('Þóra');
  });

  test('gives login and e-mail by the configured attributes, whatever is asked for; groups only where somebody asks', async () => {
    const { identities } = await readAll(
      connectorTo(slapd, { attributes: { login: 'EMPLOYEENUMBER', email: 'Mail' } }),
      [],
    );

    expect(identities[0]).toEqual({
      source: 'corp',
      anchor: uuidOf(0),
      label: 'cn=Adams Anna 0,ou=A,ou=people,dc=example,dc=com',
      login: '100000',
      email: 'u0@example.com',
      employeeNumber: '100000',
      active: true,
      whyInactive: undefined,
      leaveAt: undefined,
      leaveAtFrom: undefined,
      groups: [],
      attributes: {},
      branches: ['ou=a,ou=people,dc=example,dc=com'],
    });
  });

  test('takes a filter with escaped UTF-8 byte by byte', async () => {
    const people = (filter: string) => readAll(connectorTo(slapd, { filter }), ['sn']);

    const escaped = await people('(&(objectClass=inetOrgPerson)(sn=M\\c3\\bcller))');
    const plain = await people('(sn=Müller)');
    const substring = await people('(sn=M\\c3\\bc*)');

    expect(plain.identities.length).toBeGreaterThan(100);
    expect(escaped.identities).toHaveLength(plain.identities.length);
    expect(substring.identities).toHaveLength(plain.identities.length);
  });

  test('of all attributes brings those that need asking for, and no password', async () => {
    await withSlapd(
      {
        people: 1,
        acl: 'access to attrs=userPassword by anonymous auth by * read\naccess to * by * read',
      },
      async (server) => {
        await server.modify(server.people[0]?.dn ?? '', 'userPassword', ['{SSHA}hash']);

        const { identities } = await readAll(connectorTo(server), 'all');
        const named = await readAll(connectorTo(server), ['userPassword']);

        expect(Object.keys(identities[0]?.attributes ?? {}).sort()).toEqual([
          'cn',
          'employeeNumber',
          'entryUUID',
          'givenName',
          'mail',
          'memberOf',
          'objectClass',
          'sn',
          'title',
          'uid',
        ]);
        expect(named.identities[0]?.attributes).toEqual({ userPassword: ['{SSHA}hash'] });
      },
    );
  });
});

describe('attribute options', () => {
  test('make an attribute of its own', async () => {
    await withSlapd({ people: 1 }, async (server) => {
      const dn = server.people[0]?.dn ?? '';
      await server.modify(dn, 'title;lang-de', ['Ingenieur']);

      const { identities } = await readAll(connectorTo(server), ['title', 'title;LANG-de', 'description']);

      expect(identities[0]?.attributes).toEqual({ title: ['Engineer'], 'title;LANG-de': ['Ingenieur'] });
    });
  });
});

describe('an incomplete reading', () => {
  test('is one that the size limit ended, even for paging', async () => {
    await withSlapd(
      {
        people: 1_200,
        sizeLimits: 'size.soft=500 size.hard=500 size.pr=unlimited size.prtotal=700',
      },
      async (server) => {
        const { identities, completeness } = await readAll(connectorTo(server, { pageSize: 200 }));

        expect(reasonOf(completeness)).toMatch(
          /ended the search with .*(sizeLimitExceeded \(4\)|adminLimit)/,
        );
        expect(identities.length).toBeGreaterThan(500);
        expect(identities.length).toBeLessThanOrEqual(700);
      },
    );
  });

  test('is one in which the account sees nobody, though the server says success', async () => {
    await withSlapd(
      {
        people: 5,
        acl: `access to attrs=userPassword by anonymous auth by * none
access to dn.base="ou=people,dc=example,dc=com" by * read
access to * by * none`,
      },
      async (server) => {
        const { identities, completeness } = await readAll(connectorTo(server));

        expect(identities).toEqual([]);
        expect(reasonOf(completeness)).toMatch(/found nobody under .* lost its rights/);
      },
    );
  });

  test('is one in which somebody has become nameless, who is skipped by name', async () => {
    await withSlapd(
      {
        people: 6,
        acl: `access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=B,ou=people,dc=example,dc=com" attrs=entryUUID by * none
access to * by * read`,
      },
      async (server) => {
        const { identities, skipped, completeness } = await readAll(connectorTo(server));

        expect(identities).toHaveLength(3);
        expect(skipped).toHaveLength(3);
        expect(skipped[0]?.reason).toMatch(
          /^cn=.*,ou=B,.* has no entryUUID, .* Let the account read entryUUID/,
        );
        expect(reasonOf(completeness)).toContain('3 of 6 entries have no usable entryUUID');
      },
    );
  });

  test('is one with referrals to other servers that were not followed', async () => {
    const referral = ldifRecord('ou=elsewhere,ou=people,dc=example,dc=com', {
      objectClass: ['referral', 'extensibleObject'],
      ou: 'elsewhere',
      ref: 'ldap://other.example.com/ou=elsewhere,dc=example,dc=com',
    });
    await withSlapd({ people: 20, extraLdif: referral }, async (server) => {
      const { identities, completeness } = await readAll(connectorTo(server, { pageSize: 5 }));

      expect(identities).toHaveLength(20);
      expect(reasonOf(completeness)).toContain('ldap://other.example.com/ou=elsewhere,dc=example,dc=com');
    });
  });

  test('is one during which the server is killed', async () => {
    await withSlapd({ people: count }, async (server) => {
      const parts = connectorTo(server, { pageSize: 50 }).read({
        attributes: ['cn'],
        signal: new AbortController().signal,
      });
      const seen = [];
      for await (const part of parts) {
        seen.push(part);
        if (seen.length === 2) await server.kill();
      }

      const end = seen.at(-1);
      expect(end?.kind === 'end' && reasonOf(end.completeness)).toMatch(
        /The connection was lost while reading/,
      );
      expect(seen.filter(({ kind }) => kind === 'end')).toHaveLength(1);
    });
  });
});

describe('a reading that is no reading at all', () => {
  test('has a base that does not exist', async () => {
    const error = await failure({ baseDn: 'ou=nowhere,dc=example,dc=com' });

    expect(error.kind).toBe('base');
    expect(error.message).toMatch(/Reading ou=nowhere,.* noSuchObject \(32\)\. .* Check baseDn/);
  });

  test('has a base that is no name', async () => {
    expect((await failure({ baseDn: 'people' })).kind).toBe('base');
  });

  test('has a filter with a mistake, found before anything is connected', async () => {
    const error = await failure({ filter: '(&(uid=a)(mail=b', url: 'ldaps://no-such-host.invalid' });

    expect(error.kind).toBe('filter');
    expect(error.message).toContain('a closing bracket is missing, at character 17 of (&(uid=a)(mail=b');
  });

  test('has a server that refuses paged results', async () => {
    const sizeLimits = 'size.soft=500 size.hard=500 size.prtotal=disabled';
    await withSlapd({ people: 3, sizeLimits }, async (server) => {
      const error = await sourceErrorOf(readAll(connectorTo(server)));

      expect(error.kind).toBe('permission');
      expect(error.message).toContain('"pagedResults control not allowed"');
      expect(error.message).toContain('allow paged results without a limit');
    });
  });

  test('has a base that the account may not see', async () => {
    const acl = `access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=people,dc=example,dc=com" by * none
access to * by * read`;
    await withSlapd({ people: 3, acl }, async (server) => {
      const error = await sourceErrorOf(readAll(connectorTo(server)));

      expect(error.kind).toBe('base');
      expect(error.message).toContain(
        "or the account may not see it. Check baseDn and the account's rights.",
      );
    });
  });
});

describe('the same anchor', () => {
  test('stays with somebody who is renamed and moved', async () => {
    await withSlapd({ people: 4 }, async (server) => {
      const before = await readAll(connectorTo(server));
      await server.rename(server.people[0]?.dn ?? '', 'cn=Neuer Name', `ou=B,${server.peopleDn}`);

      const after = await readAll(connectorTo(server));

      const anchors = (reading: typeof before) => reading.identities.map(({ anchor }) => anchor).sort();
      expect(anchors(after)).toEqual(anchors(before));
      expect(after.identities.find(({ anchor }) => anchor === uuidOf(0))?.label).toBe(
        'cn=Neuer Name,ou=B,ou=people,dc=example,dc=com',
      );
    });
  });

  test('given to two people skips the second by name', async () => {
    const [one, two] = generatePeople(2, 'ou=people,dc=example,dc=com');
    if (one === undefined || two === undefined) throw new Error('no people');
    const twin = { ...two, attributes: { ...two.attributes, employeeNumber: '100000' } };
    await withSlapd({ people: [one, twin] }, async (server) => {
      const { identities, skipped, completeness } = await readAll(
        connectorTo(server, { attributes: { anchor: 'employeeNumber' } }),
      );

      expect(identities.map(({ anchor }) => anchor)).toEqual(['100000']);
      expect(skipped).toMatchObject([{ label: two.dn, anchor: '100000' }]);
      expect(skipped[0]?.reason).toContain('has the same employeeNumber as an entry before it');
      expect(completeness.kind).toBe('complete');
    });
  });
});

describe('a reading that is stopped', () => {
  test('before it starts, connects to nobody', async () => {
    const reason = new Error('enough');

    await expect(readAll(connectorTo(slapd), ['cn'], AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test('between two pages ends with the reason, and without an end', async () => {
    const stop = new AbortController();
    const kinds: string[] = [];

    const read = async () => {
      for await (const part of connectorTo(slapd, { pageSize: 50 }).read({
        attributes: ['cn'],
        signal: stop.signal,
      })) {
        kinds.push(part.kind);
        stop.abort(new Error('enough'));
      }
    };

    await expect(read()).rejects.toThrow('enough');
    expect(kinds).toEqual(['batch']);
  });

  test('by its consumer leaves the connector usable', async () => {
    const connector = connectorTo(slapd, { pageSize: 50 });
    for await (const part of connector.read({ attributes: ['cn'], signal: new AbortController().signal })) {
      if (part.kind === 'batch') break;
    }

    expect((await readAll(connector)).identities).toHaveLength(count);
  });

  test('by closing the connector is incomplete', async () => {
    const connector = connectorTo(slapd, { pageSize: 50 });
    let last: unknown;
    for await (const part of connector.read({ attributes: ['cn'], signal: new AbortController().signal })) {
      last = part;
      await connector.close();
    }

    expect(last).toMatchObject({ kind: 'end', completeness: { kind: 'incomplete' } });
  });
});
