/** The parts of an explanation in words, the same at the command line and in the console. */
import type { ExplainedPerson, History, SourceEntry } from '../engine/index.ts';
import type { Person } from '../identity/index.ts';
import { reasonOfDeparture, type WhyLeft, wordOf } from '../reconcile/index.ts';
import type { OperationKind, OperationState } from '../store/operations/operation.ts';
import { endedBy } from './in-short.ts';
import { pastEvents } from './past.ts';
import { absoluteTime, timeInWords } from './time.ts';

export function belongingInWords(person: Person): string {
  switch (person.kind) {
    case 'member':
      return 'They belong in the org.';
    case 'leaver':
      return `They do not belong in the org (any more). ${person.reason}`;
    case 'skipped':
      return `Nothing can be decided about them, and they are left as they are. ${person.reason}`;
    default:
      return person satisfies never;
  }
}

export function absenceInWords({ absence, incomplete }: Extract<SourceEntry, { kind: 'not-shown' }>): string {
  if (incomplete !== undefined)
    return `It does not show them, and nobody can say whether they are gone. ${incomplete}`;
  switch (absence?.kind) {
    case undefined:
      return 'It does not show them, within base, filter and scope of the source.';
    case 'gone':
      return 'It does not show them, and a look-up by their id confirms that they are gone.';
    case 'deleted':
      return 'It says that their entry was deleted.';
    case 'still-there':
      return 'It does not show them by name, but they are there when asked for by their id.';
    case 'unknown':
      return `It does not show them, and nobody can say whether they are gone. ${absence.reason}`;
    default:
      return absence satisfies never;
  }
}

/** It goes before whatever the source says of them. */
export function departureInWords(departure: NonNullable<ExplainedPerson['departure']>, now: Date): string {
  const { dueAt } = departure;
  const when =
    dueAt > now
      ? `It takes effect ${timeInWords(dueAt, now)}.`
      : 'It holds whatever the source says of them, until it is taken back.';
  return `${reasonOfDeparture(departure)} ${when}`;
}

export function rulingInWords(ruling: NonNullable<ExplainedPerson['ruling']>, now: Date): string {
  const what = ruling.kind === 'ignore' ? 'to be left alone' : `to have profile ${ruling.profileId}`;
  return `${what}: ${wordOf(ruling)}, ${timeInWords(ruling.at, now)}`;
}

/** How a person came to their profile; 'none' where they have no tie to one. */
export function tieInWords({ link, history }: ExplainedPerson, now: Date): string {
  if (link === undefined) return 'none';
  const match = pastEvents(history).find(
    ({ isDone, kind }) => isDone && (kind === 'create' || kind === 'adopt' || kind === 'invite'),
  );
  const made = `${link.origin} by Rollcall`;
  if (match === undefined) return made;
  return endedBy(`${made} ${timeInWords(match.at, now)} ${match.onWhoseWord}`, match.reason);
}

export const leftInWords: Readonly<Record<WhyLeft, string>> = {
  'read-only': 'the org lets nobody change it: left',
  'not-kept': 'the org did not keep this value when it was sent: left until it changes',
  'set-once': 'set at creation, and the org’s own since (authoritative: initial): left',
  'orgs-own': 'a change by hand in the org stays until the source changes (authoritative: false): left',
};

/** Such as `edit in plan k3v9m2wt: held by a guard, until 2026-03-01 14:05:09Z`. */
export function openInWords({ kind, state, run, expiresAt }: WaitingOperation): string {
  const until = expiresAt === undefined ? '' : `, until ${absoluteTime(expiresAt)}`;
  const what =
    state === 'planned'
      ? 'in a dry run that nobody has approved'
      : state === 'held'
        ? 'held by a guard'
        : state === 'running'
          ? 'under way'
          : 'queued';
  return `${kind} in plan ${run}: ${what}${until}`;
}

interface WaitingOperation {
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly run: string;
  readonly expiresAt: Date | undefined;
}

/** What may make the next run another one than it would be by this person alone. */
export function lastRunInWords({ lastRun, lastFinding }: History, now: Date): LastRunInWords {
  if (lastRun === undefined) return { said: undefined, incomplete: undefined };
  const when = `The last run (${lastRun.id}, ${timeInWords(lastRun.planned_at ?? lastRun.requested_at, now)})`;
  const incomplete = lastRun.summary?.incomplete ?? null;
  return {
    said: lastFinding === undefined ? undefined : `${when} said of them: ${lastFinding.reason}`,
    incomplete: incomplete === null ? undefined : `${when} was incomplete, and removed nobody: ${incomplete}`,
  };
}

interface LastRunInWords {
  /** Where it did nothing for them. */
  readonly said: string | undefined;
  readonly incomplete: string | undefined;
}
