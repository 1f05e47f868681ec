/**
 * Who is at rest: the source shows them just as their link tells what was last applied, and so does the org. Nothing is to be
 * done about them, so nothing else of them is kept than that they were seen; all others are stirred, and reconciled. Pure.
 */
import { KeyList, NumberTable, PackedTexts, RowIndex, TextHash } from '../compact/index.ts';
import type { Anchor, RecordPrint } from '../identity/identity.ts';
import type { Member, Person } from '../identity/person.ts';
import { type Profile, type ProfileId, readOnlyAttributes } from '../profile-api/profile.ts';
import type { Link } from '../store/people/link.ts';
import { Fingerprint, type Print } from './fingerprint.ts';
import { type KnownRecord, KnownRecords } from './known-records.ts';
import { addMember } from './link-print.ts';
import type { Policy } from './policy.ts';
import type { Reconciliation } from './reconciliation.ts';

/** As much of a link as tells whether somebody is at rest. */
export interface Tie extends Pick<Link, 'anchor' | 'profileId'> {
  /** What it tells of them: see {@link printOf}. */
  readonly print: Print;
  /** Whether there is nothing else to it: nobody is away, exempt, deactivated or invited, and the org kept every value. */
  readonly isPlain: boolean;
  /** The record in which the source was seen to say all that; undefined where none is known. */
  readonly record?: KnownRecord | undefined;
}

/** Somebody who was seen as their link tells, in a record that was not known yet. */
export interface LearntRecord extends Pick<Link, 'anchor'> {
  /** Of the link. */
  readonly print: Print;
  readonly record: KnownRecord;
}

/** Takes in links, then people and profiles, and leaves over whoever is to be reconciled. */
export interface RestBook {
  /** Enters a link. All of them come before the people and profiles that they tie. */
  tie(tie: Tie): void;
  /** Tells which attributes the org's profiles show, before the first of them is listed or somebody is seen. */
  profilesShow(names: readonly string[]): void;
  /** Enters profiles as they are listed. */
  list(profiles: readonly Profile[]): void;
  /**
   * @param record - that the source keeps of them; undefined where it is not to be recalled
   * @returns whether they are to be decided about; else nothing more need be kept of them
   */
  see(person: Person, record?: RecordPrint): boolean;
  /** Whether somebody with that record is as their link tells. */
  knows(anchor: Anchor, record: RecordPrint): boolean;
  /** People whose record is known were there again. */
  seeAgain(anchors: readonly Anchor[]): void;
  /** What to remember for the next time. */
  learnt(): Iterable<LearntRecord>;
  /** Whether they have a link. */
  isTied(anchor: Anchor): boolean;
  /** Makes somebody be reconciled, at rest or not. */
  stir(anchor: Anchor): void;
  /** Linked people to be reconciled: whoever isn't at rest, and whoever was not seen. */
  stirred(): readonly Anchor[];
  /** Whether somebody was seen as their link tells, so that {@link asTied} has them. */
  wasSeenAsTied(anchor: Anchor): boolean;
  /** Of those who are not to be reconciled. */
  counts(): Reconciliation['counts'];
}

/** What decides who may be at rest. */
export interface Restlessness {
  readonly policy: Pick<Policy, 'authority' | 'joinEarly'>;
  /** The attributes that the mapping sets. */
  readonly mapped: readonly string[];
  /** People of whom more is known than their record and their link. */
  readonly spokenOf: ReadonlySet<Anchor>;
  /** Profiles to which other sources give something. */
  readonly given: ReadonlySet<ProfileId>;
  /** Everything that decides what becomes of a record: in another one, what is known of records is worth nothing. */
  readonly conditions: string;
}

/** The number of a record comes plus one: 0 is none. */
const column = { person: 0, shown: 2, flags: 4, record: 5 } as const;
const flag = { plain: 1, seen: 2, asTied: 4, listed: 8, stirred: 16, fit: 32, learnt: 64 } as const;
const atRest = flag.plain | flag.seen | flag.asTied | flag.listed;

/** A book in which nobody stands yet. */
export function restBook({ policy, mapped, spokenOf, given, conditions }: Restlessness): RestBook {
  const rows = new NumberTable(6);
  const records = new KnownRecords();
  const anchors = new PackedTexts<Anchor>();
  const byAnchor = new RowIndex();
  const byProfile = new RowIndex();
  const hash = new TextHash();
  const asked = new KeyList();
  const compared = mapped.filter((name) => isCompared(name, policy));
  let watched: readonly string[] = [];
  let told = new Fingerprint();
  const shown = new Fingerprint(compared);
  const passedOver = { leavers: 0, again: 0 };

  const rowOf = (anchor: Anchor): number => byAnchor.first(hash.of(anchor));
  /** What a page of texts is found by, all at once. */
  const rowsIn = (index: RowIndex, texts: readonly string[]): Int32Array => {
    asked.clear();
    for (const text of texts) asked.add(hash.of(text));
    return index.firsts(asked);
  };
  const has = (row: number, flags: number): boolean => (rows.get(row, column.flags) & flags) === flags;
  const mark = (row: number, flags: number, isSo: boolean): void => {
    const before = rows.get(row, column.flags);
    rows.set(row, column.flags, isSo ? before | flags : before & ~flags);
  };
  const keep = (row: number, at: number, print: Print): void => {
    rows.set(row, at, print.low);
    rows.set(row, at + 1, print.high);
  };
  const isKept = (row: number, at: number, print: Print): boolean =>
    rows.get(row, at) === print.low && rows.get(row, at + 1) === print.high;
  const recordOf = (row: number): number | undefined => {
    const record = rows.get(row, column.record);
    return record === 0 ? undefined : record - 1;
  };
  const isAtRest = (row: number): boolean => has(row, atRest) && !has(row, flag.stirred);

  /** Prints somebody as they are told, and as the org ought to show them. */
  const isAsTied = (row: number, person: Person): boolean => {
    if (person.kind !== 'member' || !isOrdinary(person, policy)) return false;
    shown.clear();
    return isKept(row, column.person, addMember(told.clear(), person));
  };

  /** Notes somebody as their link tells, of whom the org ought to show that. */
  const settle = (row: number, ought: Print): void => {
    mark(row, flag.asTied, true);
    mark(row, flag.listed, has(row, flag.fit) && isKept(row, column.shown, ought));
    keep(row, column.shown, ought);
  };

  /** Notes what the org shows of somebody. */
  const noteShown = (row: number, { isActive, email, attributes }: Profile): void => {
    // As many others in place of some would give it another print.
    const showsAll = shown.clear().addAsServed(attributes) === watched.length;
    const isFit = isActive && email !== undefined && showsAll;
    // Whoever comes first, the person or the profile, leaves what the other one has to show too.
    if (has(row, flag.asTied)) mark(row, flag.listed, isFit && isKept(row, column.shown, shown));
    else {
      keep(row, column.shown, shown);
      mark(row, flag.fit, isFit);
    }
  };

  return {
    tie({ anchor, profileId, print, isPlain, record }) {
      const row = rows.add();
      anchors.add(anchor);
      byAnchor.add(hash.of(anchor));
      byProfile.add(profileId === undefined ? undefined : hash.of(profileId));
      keep(row, column.person, print);
      const isRestless = isIn(spokenOf, anchor) || (profileId !== undefined && isIn(given, profileId));
      mark(row, flag.plain, isPlain && !isRestless);
      if (record !== undefined) rows.set(row, column.record, records.add(record) + 1);
    },

    profilesShow(names) {
      watched = compared.filter((name) => names.includes(name));
      told = new Fingerprint(watched, shown);
      records.under(JSON.stringify([conditions, watched]));
    },

    list(profiles) {
      const found = rowsIn(
        byProfile,
        profiles.map(({ profileId }) => profileId),
      );
      for (const [at, profile] of profiles.entries()) {
        const row = found[at] ?? -1;
        if (row >= 0) noteShown(row, profile);
      }
    },

    see(person, record) {
      const row = rowOf(person.anchor);
      if (row < 0) {
        // Somebody who is not in the org and does not belong there.
        const isOut = person.kind === 'leaver' && !spokenOf.has(person.anchor);
        if (isOut) passedOver.leavers += 1;
        return !isOut;
      }
      if (has(row, flag.seen)) {
        passedOver.again += 1;
        return false;
      }
      mark(row, flag.seen, true);
      if (!has(row, flag.plain) || !isAsTied(row, person)) return true;
      if (record !== undefined) {
        rows.set(row, column.record, records.learn({ of: record, shown }, recordOf(row)) + 1);
        mark(row, flag.learnt, true);
      }
      settle(row, shown);
      return false;
    },

    knows(anchor, record) {
      const row = rowOf(anchor);
      const known = row < 0 || !has(row, flag.plain) ? undefined : recordOf(row);
      return known !== undefined && records.is(known, record);
    },

    seeAgain(anchors) {
      for (const [at, row] of rowsIn(byAnchor, anchors).entries()) {
        const known = row < 0 ? undefined : recordOf(row);
        if (known === undefined) throw new RangeError(`No record of ${anchors[at]} is known.`);
        if (has(row, flag.seen)) {
          passedOver.again += 1;
          continue;
        }
        mark(row, flag.seen, true);
        settle(row, records.at(known).shown);
      }
    },

    *learnt() {
      for (let row = 0; row < rows.size; row += 1) {
        const known = has(row, flag.learnt) ? recordOf(row) : undefined;
        if (known === undefined) continue;
        const print = { low: rows.get(row, column.person), high: rows.get(row, column.person + 1) };
        yield { anchor: anchors.at(row), print, record: records.at(known) };
      }
    },

    isTied: (anchor) => rowOf(anchor) >= 0,

    stir(anchor) {
      const row = rowOf(anchor);
      if (row >= 0) mark(row, flag.stirred, true);
    },

    stirred() {
      const found: Anchor[] = [];
      for (let row = 0; row < rows.size; row += 1) if (!isAtRest(row)) found.push(anchors.at(row));
      return found;
    },

    wasSeenAsTied(anchor) {
      const row = rowOf(anchor);
      return row >= 0 && has(row, flag.asTied);
    },

    counts() {
      let resting = 0;
      for (let row = 0; row < rows.size; row += 1) if (isAtRest(row)) resting += 1;
      return {
        identities: resting + passedOver.leavers + passedOver.again,
        inScope: resting,
        unchanged: resting + passedOver.leavers,
        linkedActive: resting,
      };
    },
  };
}

/** V8 hashes a text to look it up even among none. */
const isIn = <Text extends string>(some: ReadonlySet<Text>, text: Text): boolean =>
  some.size > 0 && some.has(text);

/** Somebody who was seen as their link tells. */
export const asTied = ({ anchor, label, employeeNumber, applied }: Link): Member => ({
  kind: 'member',
  anchor,
  label,
  email: String(applied.email),
  ...(employeeNumber === undefined ? {} : { employeeNumber }),
  desired: applied,
});

/** Whether what the org shows of an attribute counts: of the others, what was last applied does. Addresses always do. */
const isCompared = (name: string, { authority }: Pick<Policy, 'authority'>): boolean =>
  name === 'email' || (!readOnlyAttributes.has(name) && !authority.has(name));

/** Whether there is nothing to somebody but what their link tells as well. */
export const isOrdinary = (
  { exemptBy, leavesAt, start }: Member,
  { joinEarly }: Pick<Policy, 'joinEarly'>,
): boolean =>
  exemptBy === undefined &&
  leavesAt === undefined &&
  (start === undefined || (start.kind !== 'unreadable' && start.at <= joinEarly.before));
