/**
 * People who are new and about whom there is nothing to weigh: no link, no word, no profile and no other person has to do with
 * them, so each is onboarded whatever is decided about others. Of a first load that is nearly everybody; they are kept as bytes,
 * outside of the JavaScript heap, and their operations are made one after another when they are stored. Pure.
 */
import { NumberTable, PackedRows, RowIndex, TextHash } from '../compact/index.ts';
import type { Anchor } from '../identity/identity.ts';
import type { Member, Person } from '../identity/person.ts';
import type { AttributeValue } from '../profile-api/profile.ts';
import { isOrdinary } from './at-rest.ts';
import type { ProposedOperation } from './decision.ts';
import { emailKey } from './differences.ts';
import { onboard } from './joiner.ts';
import type { Org } from './org.ts';
import type { Policy } from './policy.ts';
import type { Reconciliation } from './reconciliation.ts';

/** Operations that nothing else in a plan depends on. */
export interface Newcomers {
  /** How many there still are. */
  readonly size: number;
  /** In the order in which they were seen. */
  operations(): Iterable<ProposedOperation>;
  /** The same, by the numbers that {@link numbers} gives. */
  operation(number: number): ProposedOperation;
  /** Of those who still are, in the order in which they were seen. */
  numbers(): Iterable<number>;
  /** Takes out those of these people who are among them: something is to be weighed about them after all. */
  takeOut(anchors: Iterable<Anchor>): readonly ProposedOperation[];
  /** Takes out those for whom something holds. */
  takeWhere(isMeant: (operation: ProposedOperation) => boolean): readonly ProposedOperation[];
}

/** Where everybody is weighed with all others. */
export const nobodyNew: Newcomers = {
  size: 0,
  operations: () => [],
  operation: (number) => {
    throw new RangeError(`There is no newcomer ${number}.`);
  },
  numbers: () => [],
  takeOut: () => [],
  takeWhere: () => [],
};

export interface NewcomerBook extends Newcomers {
  /**
   * Enters somebody who has no link.
   *
   * @param before - how many others were seen before, who are kept elsewhere
   * @returns whether nothing else need be kept of them
   */
  see(person: Person, before: number): boolean;
  /**
   * Takes those out again who have to do with somebody else after all, now that everybody and the whole org was seen.
   *
   * @param others - whoever is kept elsewhere
   * @returns both, in the order in which they were seen
   */
  joinedBy(others: readonly Person[], org: Org): readonly Person[];
  /** Takes everybody out again, likewise. */
  joinedByAll(others: readonly Person[]): readonly Person[];
  /** Of those who are not taken out. */
  counts(): Reconciliation['counts'];
}

/** Somebody in a row. */
type Packed = readonly [
  shape: number,
  anchor: Anchor,
  label: string,
  email: string,
  employeeNumber: string | null,
  ...values: AttributeValue[],
];

const column = { before: 0, isOut: 1 } as const;

/**
 * A book in which nobody stands yet.
 *
 * @param spokenOf - people of whom more is known than their record
 */
export function newcomerBook(
  policy: Pick<Policy, 'onboard' | 'invite' | 'joinEarly' | 'correlation'>,
  spokenOf: ReadonlySet<Anchor>,
): NewcomerBook {
  const packed = new PackedRows();
  const rows = new NumberTable(2);
  const byAnchor = new RowIndex();
  const byEmail = new RowIndex();
  const hash = new TextHash();
  const shapes = new Map<string, number>();
  const names: (readonly string[])[] = [];
  let out = 0;
  let again = 0;

  const isIn = (row: number): boolean => rows.get(row, column.isOut) === 0;
  const putOut = (row: number): void => {
    if (row < 0 || !isIn(row)) return;
    rows.set(row, column.isOut, 1);
    out += 1;
  };

  function shapeOf(desired: Member['desired']): number {
    const keys = Object.keys(desired);
    const key = JSON.stringify(keys);
    const known = shapes.get(key);
    if (known !== undefined) return known;
    shapes.set(key, names.length);
    return names.push(keys) - 1;
  }

  function memberAt(row: number): Member {
    const [shape, anchor, label, email, employeeNumber, ...values] = packed.at(row) as Packed;
    const keys = names[shape] ?? [];
    return {
      kind: 'member',
      ...{ anchor, label, email },
      ...(employeeNumber === null ? {} : { employeeNumber }),
      desired: Object.fromEntries(keys.map((name, index) => [name, values[index] ?? null])),
    };
  }

  function operationOf(member: Member): ProposedOperation | undefined {
    const decision = onboard(member, policy);
    return decision.kind === 'operate' ? decision.operation : undefined;
  }

  function operation(row: number): ProposedOperation {
    const made = operationOf(memberAt(row));
    if (made === undefined) throw new RangeError(`Newcomer ${row} is not onboarded.`);
    return made;
  }

  function* numbers(): Generator<number> {
    for (let row = 0; row < rows.size; row += 1) if (isIn(row)) yield row;
  }

  const isClear = (person: Person): person is Member =>
    person.kind === 'member' &&
    !spokenOf.has(person.anchor) &&
    isOrdinary(person, policy) &&
    // By their number they may be anybody whom the store knows.
    (person.employeeNumber === undefined || !policy.correlation.includes('employee-number')) &&
    operationOf(person) !== undefined;

  /** Everybody who was put out, put back into the order in which all were seen. */
  function merged(others: readonly Person[]): readonly Person[] {
    if (out === 0) return others;
    const all: Person[] = [];
    let next = 0;
    for (let row = 0; row < rows.size; row += 1) {
      if (isIn(row)) continue;
      const before = rows.get(row, column.before);
      for (const other of others.slice(next, before)) all.push(other);
      next = before;
      all.push(memberAt(row));
    }
    for (const other of others.slice(next)) all.push(other);
    return all;
  }

  return {
    get size() {
      return rows.size - out;
    },
    counts: () => ({
      identities: rows.size - out + again,
      inScope: rows.size - out,
      unchanged: 0,
      linkedActive: 0,
    }),

    see(person, before) {
      if (!isClear(person)) return false;
      const { anchor, label, email, employeeNumber, desired } = person;
      if (byAnchor.first(hash.of(anchor)) >= 0) {
        again += 1;
        return true;
      }
      const row = rows.add();
      rows.set(row, column.before, before);
      byAnchor.add(hash.of(anchor));
      const rival = byEmail.first(hash.of(emailKey(email)));
      byEmail.add(hash);
      for (const value of [shapeOf(desired), anchor, label, email, employeeNumber ?? null]) packed.put(value);
      for (const value of Object.values(desired)) packed.put(value);
      packed.end();
      if (rival >= 0) {
        putOut(rival);
        putOut(row);
      }
      return true;
    },

    joinedBy(others, org) {
      for (const { kind, anchor, email } of others) {
        putOut(byAnchor.first(hash.of(anchor)));
        if (kind === 'member') putOut(byEmail.first(hash.of(emailKey(email))));
      }
      for (const row of org.size === 0 ? [] : numbers()) {
        const { email, desired } = memberAt(row);
        const { username } = desired;
        const isFound =
          org.find('email', email).length > 0 ||
          (typeof username === 'string' && org.find('username', username).length > 0);
        if (isFound) putOut(row);
      }
      return merged(others);
    },

    joinedByAll(others) {
      for (const row of numbers()) putOut(row);
      return merged(others);
    },

    operation,
    numbers,
    *operations() {
      for (const row of numbers()) yield operation(row);
    },

    takeOut(anchors) {
      const taken: ProposedOperation[] = [];
      for (const anchor of anchors) {
        const row = byAnchor.first(hash.of(anchor));
        if (row < 0 || !isIn(row)) continue;
        putOut(row);
        taken.push(operation(row));
      }
      return taken;
    },

    takeWhere(isMeant) {
      const taken: ProposedOperation[] = [];
      for (const row of numbers()) {
        const one = operation(row);
        if (!isMeant(one)) continue;
        putOut(row);
        taken.push(one);
      }
      return taken;
    },
  };
}
