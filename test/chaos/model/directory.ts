/** The model's directory: who is in it, what happened to them, and the LDIF that Rollcall gets to see. */
import { toLdif } from '../../../src/cli/demo/ldif.ts';
import { type SamplePerson, sampleDirectory } from '../../../src/cli/demo/sample-directory.ts';
import type { Chance } from '../chance.ts';

/** One person from their first day on. */
export interface Person {
  readonly uuid: string;
  /** As the directory shows them now; undefined while their entry is gone. */
  readonly entry: SamplePerson | undefined;
  /** What it last showed, for somebody whose entry is gone. */
  readonly last: SamplePerson;
  /** Every address they ever had, in order. */
  readonly emails: readonly string[];
  /** How often they left, and came back, from one published directory to the next. */
  readonly leavings: number;
  readonly returns: number;
}

export interface Directory {
  readonly people: readonly Person[];
  /** People who have not joined yet. */
  readonly candidates: readonly SamplePerson[];
}

export const belongs = ({ entry }: Person): boolean => entry !== undefined && entry.employeeType !== 'left';

/** A directory of so many people, with more to come. */
export function foundDirectory(chance: Chance, people: number): Directory {
  const all = sampleDirectory({ people: people + 200, seed: chance.between(1, 1_000_000) });
  return {
    people: all.slice(0, people).map(joined),
    candidates: all.slice(people),
  };
}

export const ldifOf = ({ people }: Directory): string =>
  toLdif(people.flatMap(({ entry }) => (entry === undefined ? [] : [entry])));

const joined = (entry: SamplePerson): Person => ({
  uuid: entry.entryUuid,
  entry,
  last: entry,
  emails: [entry.mail],
  leavings: 0,
  returns: 0,
});

export type Change = 'join' | 'move' | 'address' | 'leave' | 'remove' | 'rehire';

/** What a published directory has changed, as `kind address`. */
export interface Changed {
  readonly directory: Directory;
  readonly told: readonly string[];
}

/** Lets things happen to people; somebody to whom something happened in this round is left alone for the rest of it. */
export function change(
  directory: Directory,
  wanted: Readonly<Partial<Record<Change, number>>>,
  chance: Chance,
): Changed {
  const touched = new Set<string>();
  const told: string[] = [];
  let { people, candidates } = directory;

  const happen = (kind: Change, who: Person, next: Person): void => {
    touched.add(who.uuid);
    told.push(`${kind} ${who.last.mail}`);
    people = people.map((one) => (one.uuid === who.uuid ? next : one));
  };
  const chosen = (count: number | undefined, fits: (person: Person) => boolean): readonly Person[] =>
    chance.some(
      people.filter((person) => !touched.has(person.uuid) && fits(person)),
      count ?? 0,
    );

  for (const who of chosen(wanted.leave, belongs))
    happen('leave', who, withEntry(who, { ...who.last, employeeType: 'left' }));
  for (const who of chosen(wanted.remove, belongs)) happen('remove', who, withEntry(who, undefined));
  for (const who of chosen(wanted.rehire, (person) => !belongs(person)))
    happen('rehire', who, withEntry(who, { ...who.last, employeeType: 'employee' }));
  for (const who of chosen(wanted.move, belongs))
    happen('move', who, withEntry(who, { ...who.last, title: `${who.last.title} ${chance.between(2, 99)}` }));
  for (const who of chosen(wanted.address, belongs)) {
    const mail = `${who.last.uid}.${who.emails.length + 1}@example.org`;
    happen('address', who, withEntry(who, { ...who.last, mail }));
  }
  const joiners = candidates.slice(0, wanted.join ?? 0);
  candidates = candidates.slice(joiners.length);
  people = [...people, ...joiners.map(joined)];
  told.push(...joiners.map(({ mail }) => `join ${mail}`));
  return { directory: { people, candidates }, told };
}

/** As if nobody had ever left. */
export const everybodyBack = (directory: Directory): Directory => ({
  ...directory,
  people: directory.people.map((person) =>
    belongs(person) ? person : withEntry(person, { ...person.last, employeeType: 'employee' }),
  ),
});

function withEntry(person: Person, entry: SamplePerson | undefined): Person {
  const next = { ...person, entry, last: entry ?? person.last };
  const isIn = belongs(next);
  const wasIn = belongs(person);
  return {
    ...next,
    emails: person.emails.includes(next.last.mail) ? person.emails : [...person.emails, next.last.mail],
    leavings: person.leavings + Number(wasIn && !isIn),
    returns: person.returns + Number(!wasIn && isIn),
  };
}
