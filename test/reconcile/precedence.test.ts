/** Whose value of an attribute counts, of somebody whom several sources have. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withOffers } from '../../src/reconcile/index.ts';
import { link, profile, profileId } from '../builders/org.ts';
import { person, sourceId } from '../builders/people.ts';
import { onlyOperation, reconcile } from '../builders/run.ts';

const [corp, cloud, hr] = [sourceId('corp'), sourceId('cloud'), sourceId('hr')];
const sources = [corp, cloud, hr];
const title = (...order: (typeof corp)[]) => new Map([['title', order]]);
const ann = profile({ id: 'P-ann', email: 'ann@example.com', attributes: { title: 'Clerk' } });
const known = link({ id: 'ann', applied: { title: 'Clerk', phone: '1' } });
const offer = (attributes: Record<string, string>) =>
  new Map([[profileId('P-ann'), [{ source: cloud, attributes }]]]);

describe('the value that counts', () => {
  const value = fc.option(fc.constantFrom('', 'Clerk', 'Head', 'Boss'), { nil: undefined });
  const ordered = fc.shuffledSubarray(sources, { minLength: 1 });

  test('is that of the first source in the list that has any, or else the own one', () => {
    fc.assert(
      fc.property(ordered, value, value, value, (order, own, fromCloud, fromHr) => {
        const told = new Map([
          [corp, own],
          [cloud, fromCloud],
          [hr, fromHr],
        ]);
        const offers = [cloud, hr].flatMap((source) => {
          const given = told.get(source);
          return given === undefined ? [] : [{ source, attributes: { title: given } }];
        });
        const member = person({ desired: { ...(own === undefined ? {} : { title: own }), phone: '1' } });

        const { member: joined, givenBy } = withOffers(member, corp, offers, title(...order));

        const first = order.find((source) => (told.get(source) ?? '') !== '');
        expect(joined.desired.title).toBe(first === undefined ? own : told.get(first));
        expect(givenBy.get('title')).toBe(first === corp ? undefined : first);
        const { title: _, ...others } = joined.desired;
        const { title: __, ...before } = member.desired;
        expect(others).toEqual(before);
      }),
    );
  });

  test('is not one that a source empties on purpose', () => {
    const offers = [
      { source: cloud, attributes: { title: null } },
      { source: hr, attributes: { title: 'Head' } },
    ];

    expect(withOffers(person(), corp, offers, title(cloud, hr)).member.desired.title).toBe('Head');
  });

  test('is nothing that every object has', () => {
    const order = new Map([['constructor', [cloud, corp]]]);
    const member = person({ desired: { title: 'Clerk' } });

    expect(withOffers(member, corp, [{ source: cloud, attributes: {} }], order).member).toBe(member);
  });
});

describe('somebody to whom another source gives a value', () => {
  test('is edited, and it is told by whose word', () => {
    const operation = onlyOperation(
      reconcile({
        people: [person({ desired: { title: 'Clerk', phone: '1' } })],
        profiles: [ann],
        links: [known],
        offers: offer({ title: 'Head' }),
        policy: { precedence: title(cloud, corp) },
      }),
    );

    expect(operation).toMatchObject({
      kind: 'edit',
      after: { title: 'Head' },
      desired: { title: 'Head', phone: '1' },
      reason: 'The source and the profile differ in title. Source cloud goes first for title (precedence).',
    });
  });

  test('is told which attributes those are, where there are several', () => {
    const precedence = new Map([
      ['title', [cloud, corp]],
      ['phone', [cloud, corp]],
    ]);
    const ran = reconcile({
      people: [person({ desired: { title: 'Clerk', phone: '1' } })],
      profiles: [ann],
      links: [known],
      offers: offer({ title: 'Head', phone: '2' }),
      policy: { precedence },
    });

    expect(onlyOperation(ran).reason).toMatch(/Source cloud goes first for title, phone \(precedence\)\.$/);
  });

  test('is told of each source what it gives', () => {
    const given = [
      { source: cloud, attributes: { title: 'Head' } },
      { source: hr, attributes: { phone: '2' } },
    ];
    const ran = reconcile({
      people: [person({ desired: { title: 'Clerk', phone: '1' } })],
      profiles: [ann],
      links: [known],
      offers: new Map([[ann.profileId, given]]),
      policy: { precedence: new Map([...title(cloud), ['phone', [hr]]]) },
    });

    expect(onlyOperation(ran).reason).toMatch(
      /Source cloud goes first for title \(precedence\)\. Source hr goes first for phone \(precedence\)\.$/,
    );
  });

  test('is left alone where the profile has it already, whatever the own source says', () => {
    const ran = reconcile({
      people: [person({ desired: { title: 'Porter' } })],
      profiles: [ann],
      links: [known],
      offers: offer({ title: 'Clerk' }),
      policy: { precedence: title(cloud) },
    });

    expect([ran.operations, ran.findings]).toEqual([[], []]);
  });

  test('has the values of the configuration’s order alone: what is kept from an older one counts no more', () => {
    const ran = reconcile({
      people: [person({ desired: { title: 'Clerk' } })],
      profiles: [ann],
      links: [known],
      offers: offer({ title: 'Head' }),
    });

    expect(ran.operations).toEqual([]);
  });
});

describe('what a source gives to somebody whom another one has', () => {
  const situation = {
    people: [person({ anchor: 'a-cloud', desired: { title: 'Head', phone: '1' }, employeeNumber: '7' })],
    profiles: [ann],
    foreignHolders: new Map([
      [ann.profileId, { source: hr, anchor: known.anchor, label: 'uid=ann', employeeNumber: '7' }],
    ]),
    policy: {
      correlation: ['employee-number' as const],
      sources: [hr, corp],
      precedence: new Map([
        ['title', [corp]],
        ['phone', [hr]],
        ['role', [corp]],
      ]),
    },
  };

  test('is what the list names it for and what it has a value of', () => {
    const ran = reconcile(situation);

    const [claim] = ran.claims;
    expect(claim).toMatchObject({ profileId: 'P-ann', unknown: [] });
    expect(claim?.offers).toEqual({ title: 'Head' });
    expect(ran.findings[0]?.reason).toMatch(/This one goes first for title \(precedence\)\.$/);
  });

  test('is told where it is several attributes', () => {
    const policy = { ...situation.policy, precedence: new Map([...title(corp), ['phone', [corp]]]) };

    expect(reconcile({ ...situation, policy }).findings[0]?.reason).toMatch(
      /This one goes first for title, phone \(precedence\)\.$/,
    );
  });

  test('is nothing of what it empties on purpose', () => {
    const people = [person({ anchor: 'a-cloud', desired: { title: null, phone: '1' }, employeeNumber: '7' })];

    expect(reconcile({ ...situation, people }).claims.map(({ offers }) => offers)).toEqual([{}]);
  });

  test('is not told anew of what nobody can know by this reading', () => {
    const unknown = { names: ['title'], reason: 'The group cn=staff could not be read wholly.' };

    const [claim] = reconcile({ ...situation, unknown }).claims;
    expect([claim?.offers, claim?.unknown]).toEqual([{}, ['title']]);
  });
});
