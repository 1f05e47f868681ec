/** What a reading shows of people besides what is to be done about them, and is to be remembered. Pure. */
import type { Anchor } from '../identity/identity.ts';
import type { Person } from '../identity/person.ts';
import type { Link } from '../store/people/link.ts';
import type { WayOfLeaving } from './leaving.ts';
import type { Reconciliation } from './reconciliation.ts';

export interface Sightings {
  /**
   * @param shown - as the source shows them
   * @param person - the same, or as a leaver by a word that stands
   */
  see(shown: Person, person: Person, link: Link | undefined): void;
  seenAs(anchor: Anchor): Person['kind'] | undefined;
  /** How somebody left by what the source itself says of them now. */
  wayOf(anchor: Anchor): WayOfLeaving | undefined;
  leavesAt(anchor: Anchor): Date | undefined;
  /** @param incomplete - why the reading's word against somebody counts for nothing; undefined where it was complete */
  notes(
    incomplete: string | undefined,
  ): Pick<Reconciliation, 'newlyLeft' | 'there' | 'numbered' | 'exemptions'>;
}

export function sightings(): Sightings {
  const seenAs = new Map<Anchor, Person['kind']>();
  const ways = new Map<Anchor, WayOfLeaving>();
  const leaving = new Map<Anchor, Date>();
  const newlyLeft: Anchor[] = [];
  const there: Anchor[] = [];
  const numbered: Reconciliation['numbered'][number][] = [];
  const exemptions: Reconciliation['exemptions'][number][] = [];

  return {
    see(shown, person, link) {
      const { anchor } = person;
      seenAs.set(anchor, person.kind);
      if (person.kind === 'member' && person.leavesAt !== undefined) leaving.set(anchor, person.leavesAt);
      if (person.kind === 'leaver' && (person.why === 'disabled' || person.why === 'out-of-scope'))
        ways.set(anchor, person.why);
      if (link === undefined) return;
      if (shown.kind === 'leaver' && link.leftSince === undefined) newlyLeft.push(anchor);
      if (shown.kind === 'member' && link.leftSince !== undefined) there.push(anchor);
      const { employeeNumber } = shown;
      if (employeeNumber !== undefined && employeeNumber !== link.employeeNumber)
        numbered.push({ anchor, employeeNumber });
      const isExempt = shown.exemptBy !== undefined;
      if (shown.kind !== 'skipped' && link.exempt !== isExempt) exemptions.push({ anchor, isExempt });
    },
    seenAs: (anchor) => seenAs.get(anchor),
    wayOf: (anchor) => ways.get(anchor),
    leavesAt: (anchor) => leaving.get(anchor),
    notes: (incomplete) => ({
      newlyLeft: incomplete === undefined ? newlyLeft : [],
      there,
      numbered,
      // On half knowledge, such as of groups, nobody loses an exemption.
      exemptions: exemptions.filter(({ isExempt }) => isExempt || incomplete === undefined),
    }),
  };
}
