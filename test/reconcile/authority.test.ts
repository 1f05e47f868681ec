import { describe, expect, test } from 'vitest';
import { differences } from '../../src/reconcile/index.ts';
import { link, profile } from '../builders/org.ts';
import { person } from '../builders/people.ts';
import { rules } from '../builders/rules.ts';
import { onlyOperation, reconcile } from '../builders/run.ts';

const changedByHand = profile({ attributes: { title: 'Queen' } });

describe('a change by hand in the org', () => {
  test('is put right by default', () => {
    const change = differences({ title: 'Head' }, changedByHand, link({ applied: { title: 'Head' } }));

    expect(change).toEqual({ before: { title: 'Queen' }, after: { title: 'Head' } });
  });

  test('stays until the source changes where the mapping is not authoritative', () => {
    const authority = new Map([['title', 'on-change']] as const);
    const applied = link({ applied: { title: 'Head' } });

    expect(differences({ title: 'Head' }, changedByHand, applied, authority)).toBeUndefined();
    expect(differences({ title: 'Chief' }, changedByHand, applied, authority)?.after).toEqual({
      title: 'Chief',
    });
  });

  test('stays for good where the attribute is only set at creation', () => {
    const authority = new Map([['title', 'once']] as const);

    expect(
      differences({ title: 'Chief' }, changedByHand, link({ applied: { title: 'Head' } }), authority),
    ).toBeUndefined();
    expect(differences({ title: 'Chief' }, changedByHand, link(), authority)).toBeUndefined();
  });
});

test('an attribute that is only set at creation is set at creation, and sent again as it was in later edits', () => {
  const authority = new Map([['phone', 'once']] as const);
  const ann = person({ desired: { phone: '2', title: 'Chief' } });

  const created = onlyOperation(reconcile({ people: [ann], policy: { authority } }));
  expect(created).toMatchObject({ kind: 'create', after: { phone: '2' } });

  const there = profile({ attributes: { title: 'Head' } });
  const links = [link({ applied: { phone: '1', title: 'Head' } })];
  const edited = onlyOperation(reconcile({ people: [ann], profiles: [there], links, policy: { authority } }));
  expect(edited).toMatchObject({ kind: 'edit', after: { title: 'Chief' }, desired: { phone: '1' } });
});

test('the configuration says it for each attribute', () => {
  const { authority, mapped, constants } = rules({
    mapping: {
      email: { value: 'mail', authoritative: true },
      title: { value: 'title', authoritative: false },
      role: { value: '"User"', authoritative: 'initial' },
    },
  });

  expect([...authority]).toEqual([
    ['title', 'on-change'],
    ['role', 'once'],
  ]);
  expect(mapped).toEqual(['email', 'title', 'role']);
  expect(constants).toEqual({ role: 'User' });
});
