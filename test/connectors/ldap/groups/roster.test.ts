import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRoster } from '../../../../connectors/ldap/groups/roster.ts';

interface Membership {
  readonly member: string;
  readonly group: string;
}

const rosterOf = (memberships: readonly Membership[]) => {
  const roster = createRoster();
  for (const { member, group } of memberships) roster.enter(member, roster.group(group, group.toUpperCase()));
  return roster;
};

/** All groups that somebody is in, at any depth, found as plainly as can be. */
function naively(member: string, memberships: readonly Membership[]): ReadonlySet<string> {
  let found = new Set<string>();
  for (;;) {
    const next = new Set([
      ...found,
      ...memberships
        .filter((one) => one.member === member || found.has(one.member))
        .map(({ group }) => group),
    ]);
    if (next.size === found.size) return found;
    found = next;
  }
}

const closure = (member: string, memberships: readonly Membership[]) => {
  const roster = rosterOf(memberships);
  return roster.around(roster.groupsOf(member)).map((group) => roster.keyOf(group));
};

test('the groups around somebody are those that a naive search finds, each once, whatever cycles there are', () => {
  const group = fc.constantFrom('g1', 'g2', 'g3', 'g4', 'g5', 'g6');
  const member = fc.oneof(group, fc.constantFrom('ann', 'bob'));
  const memberships = fc.array(fc.record({ member, group }), { maxLength: 20, size: 'max' });

  fc.assert(
    fc.property(memberships, (given) => {
      for (const name of ['ann', 'bob', 'g1']) {
        const found = closure(name, given);
        expect(new Set(found)).toEqual(naively(name, given));
        expect(found).toHaveLength(new Set(found).size);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('one person’s groups say nothing about another’s, in whatever order they are asked for', () => {
  const roster = rosterOf([
    { member: 'ann', group: 'a' },
    { member: 'bob', group: 'b' },
    { member: 'a', group: 'all' },
    { member: 'b', group: 'all' },
  ]);
  const of = (name: string) => roster.around(roster.groupsOf(name)).map((group) => roster.nameOf(group));

  expect([of('ann'), of('bob'), of('ann'), of('eve')]).toEqual([
    ['A', 'ALL'],
    ['B', 'ALL'],
    ['A', 'ALL'],
    [],
  ]);
});

test('a million memberships, and a chain as long as there are groups, are no matter of time', () => {
  const roster = createRoster();
  const groups = Array.from({ length: 20_000 }, (_, index) => roster.group(`g${index}`, `G${index}`));
  for (const [index, group] of groups.entries()) {
    for (let member = 0; member < 50; member += 1) roster.enter(`u${(index * 50 + member) % 100_000}`, group);
    if (index % 1_000 !== 0) roster.enter(`g${index - 1}`, group);
  }

  let found = 0;
  for (let person = 0; person < 500; person += 1)
    found += roster.around(roster.groupsOf(`u${person}`)).length;

  // Ten groups each, and of each of those 1,000 at most around it: nothing beyond what is asked for is worked out.
  expect(found).toBeGreaterThan(100_000);
});
