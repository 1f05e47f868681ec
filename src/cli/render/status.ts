/** One screen that says how things are. */
import type { AuditBreak } from '../../audit/index.ts';
import type { SourceId } from '../../identity/identity.ts';
import type { Maintenance } from '../../schedule/index.ts';
import type { ChannelTrouble } from '../../store/alerts.ts';
import type { OperationState, RunId } from '../../store/operation.ts';
import type { Pause } from '../../store/pauses.ts';
import type { Quarantine } from '../../store/quarantines.ts';
import type { Run } from '../../store/runs.ts';
import type { ReadingMode } from '../../store/schema.ts';
import type { Service } from '../../store/services.ts';
import { printable } from '../../words/printable.ts';
import { relativeTime, timeInWords } from '../../words/time.ts';
import { plural } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { givenInWords, overtakenInWords } from './plan-summary.ts';
import { nextMaintenance, pauseOfSource, standstill } from './standstill.ts';
import { paintOfState } from './words.ts';
import { wrap } from './wrap.ts';

export interface StatusReport {
  /** Why nothing is carried out at the moment; undefined where all is well. */
  readonly pause: Pause | undefined;
  /** The maintenance window that is in force, and the next one. */
  readonly maintenance: Maintenance;
  /** Where the audit log is known to be broken; undefined where it was found whole. */
  readonly auditBreak: AuditBreak | undefined;
  readonly sources: readonly SourceStatus[];
  /** Operations that are not ended, by state. */
  readonly queue: Readonly<Record<Extract<OperationState, 'queued' | 'running'>, number>>;
  readonly heldPlans: readonly HeldPlan[];
  readonly failed: number;
  /** Channels that don't take their alerts. */
  readonly deafChannels: readonly ChannelTrouble[];
  readonly services: readonly Service[];
}

export interface SourceStatus {
  readonly id: SourceId;
  readonly lastRun: Pick<Run, 'id' | 'state' | 'requested_at' | 'error' | 'reading'> | undefined;
  /** Undefined where no schedule is set, or no service keeps it. */
  readonly nextRun: { readonly at: Date; readonly reading: ReadingMode } | undefined;
  /** When everybody was last seen: by a whole reading, whatever deltas have told since. */
  readonly lastGoodReadingAt: Date | undefined;
  /** Why it does not tell of changes by itself, where it is to. */
  readonly noticesTrouble?: string | undefined;
  /** Why and since when it is tried less often and removes nobody. */
  readonly quarantine?: Quarantine | undefined;
  readonly pause?: Pause | undefined;
}

/** A plan of which something waits for a person's word. */
export interface HeldPlan {
  readonly id: RunId;
  readonly source: SourceId;
  readonly waiting: number;
  /** The guards' sentences; empty for a dry run. */
  readonly sentences: readonly string[];
  readonly overtaken: number;
  readonly approvals: Run['approvals'];
  readonly expiresAt: Date | undefined;
}

export function renderStatus(report: StatusReport, screen: Screen, now: Date): readonly string[] {
  return [
    ...standstill(report.pause, report.maintenance, screen, now),
    ...broken(report.auditBreak, screen, now),
    ...sources(report.sources, screen, now),
    '',
    ...nextMaintenance(report.maintenance.next, screen, now),
    `Queue: ${report.queue.queued} queued, ${report.queue.running} running.`,
    ...failures(report.failed, screen),
    ...report.heldPlans.flatMap((plan) => heldPlan(plan, screen, now)),
    ...deaf(report.deafChannels, screen, now),
    '',
    ...services(report.services, screen, now),
  ];
}

/** What stands above a status that is drawn again and again. */
export function watchTitle(everyMs: number, { colour }: Screen): readonly string[] {
  return [colour.dim(`rollcall status, every ${everyMs / 1_000} s; Ctrl-C ends it`)];
}

function broken(found: AuditBreak | undefined, { colour, width }: Screen, now: Date): readonly string[] {
  if (found === undefined) return [];
  const text = `AUDIT LOG BROKEN at entry ${found.at}, found ${timeInWords(found.since, now)}: ${found.sentence} The work goes on. Compare the log with an export or a backup; \`rollcall audit verify\` looks again.`;
  return [...wrap(printable(text), width).map((line) => colour.bold(colour.red(line))), ''];
}

function sources(all: readonly SourceStatus[], screen: Screen, now: Date): readonly string[] {
  if (all.length === 0) return ['No source is configured.'];
  const { colour, width } = screen;
  return all.flatMap(({ id, lastRun, nextRun, lastGoodReadingAt, noticesTrouble, quarantine, pause }) => [
    `Source ${colour.bold(printable(id))}`,
    `  last run           ${lastRun === undefined ? 'none yet' : runInWords(lastRun, screen, now)}`,
    ...(lastRun?.error == null ? [] : wrap(printable(lastRun.error), width, 4).map(colour.red)),
    `  next run           ${nextRun === undefined ? 'not scheduled' : `${readingInWords(nextRun.reading)}${timeInWords(nextRun.at, now)}`}`,
    `  last good reading  ${lastGoodReadingAt === undefined ? colour.yellow('never') : timeInWords(lastGoodReadingAt, now)}`,
    ...pauseOfSource(pause, screen, now),
    ...quarantineInWords(quarantine, id, screen, now),
    ...(noticesTrouble === undefined
      ? []
      : wrap(printable(`NO NOTICES of changes, the schedule alone: ${noticesTrouble}`), width, 2).map(
          colour.yellow,
        )),
  ]);
}

function quarantineInWords(
  quarantine: Quarantine | undefined,
  id: SourceId,
  { colour, width }: Screen,
  now: Date,
): readonly string[] {
  if (quarantine === undefined) return [];
  const { since, reason, nextTryAt } = quarantine;
  const next = nextTryAt === undefined ? '' : ` It is tried again ${timeInWords(nextTryAt, now)}.`;
  const text = `IN QUARANTINE since ${timeInWords(since, now)}, removing nobody: ${reason}${next} A whole reading that can be trusted ends it, or \`rollcall quarantine clear ${id} --reason "..."\`.`;
  return wrap(printable(text), width, 2).map((line) => colour.bold(colour.red(line)));
}

function runInWords(
  { id, state, requested_at, reading }: NonNullable<SourceStatus['lastRun']>,
  { colour }: Screen,
  now: Date,
): string {
  const paint = paintOfState(state, colour) ?? String;
  return `${printable(id)} ${paint(state)}, ${readingInWords(reading)}${timeInWords(requested_at, now)}`;
}

const readingInWords = (reading: ReadingMode): string => (reading === 'delta' ? 'delta, ' : '');

function failures(failed: number, { colour }: Screen): readonly string[] {
  if (failed === 0) return ['No operation has failed.'];
  const have = failed === 1 ? 'has' : 'have';
  return [`${colour.red(`${plural(failed, 'operation')} ${have} failed:`)} rollcall operations --failed`];
}

function deaf(
  channels: StatusReport['deafChannels'],
  { colour, width }: Screen,
  now: Date,
): readonly string[] {
  return channels.flatMap(({ channel, waiting, since, trouble }) => {
    const text = `NOT TOLD: the channel ${channel} has not taken ${plural(waiting, 'alert')}, the oldest of ${timeInWords(since, now)}: ${trouble} \`rollcall notify test ${channel}\` tries it out.`;
    return wrap(printable(text), width).map(colour.yellow);
  });
}

function heldPlan(plan: HeldPlan, { colour, width }: Screen, now: Date): readonly string[] {
  const until = plan.expiresAt === undefined ? '' : `; it expires ${timeInWords(plan.expiresAt, now)}`;
  const waits = `${plural(plan.waiting, 'operation')} of plan ${plan.id} for ${plan.source} ${plan.waiting === 1 ? 'waits' : 'wait'} for approval${until}.`;
  return [
    ...wrap(printable(waits), width).map(colour.yellow),
    ...plan.sentences.flatMap((sentence) => wrap(printable(sentence), width, 2)),
    ...[...overtakenInWords(plan.overtaken), ...givenInWords(plan)].flatMap((line) =>
      wrap(printable(line), width, 2),
    ),
    colour.cyan(`  rollcall approve ${printable(plan.id)} --reason "..."`),
  ];
}

function services(living: readonly Service[], { colour, width }: Screen, now: Date): readonly string[] {
  if (living.length === 0) return ['No service is running: nothing happens by itself (`rollcall start`).'];
  return living.flatMap(({ host, pid, roles, circuit, started_at, seen_at }) => {
    const since = `started ${timeInWords(started_at, now)}, heard of ${relativeTime(seen_at, now)}`;
    const what = `Service on ${host} (process ${pid}: ${roles.replaceAll(',', ', ')})`;
    return [
      ...wrap(printable(`${what}, ${since}.`), width),
      ...circuitInWords(circuit, now).flatMap((text) => wrap(printable(text), width, 2).map(colour.yellow)),
    ];
  });
}

/** What keeps a process from carrying everything out; nothing where all is well. */
function circuitInWords(circuit: Service['circuit'], now: Date): readonly string[] {
  switch (circuit?.kind) {
    case undefined:
    case 'closed':
      return [];
    case 'warming-up':
      return [
        `The profile API answers again since ${timeInWords(new Date(circuit.since), now)}; ${plural(circuit.places, 'operation')} at a time for now, more as it copes.`,
      ];
    case 'open':
    case 'half-open':
      return [
        `THE PROFILE API IS DOWN for it since ${timeInWords(new Date(circuit.since), now)}: nothing is taken, no attempt is lost, and it is asked again and again. ${circuit.reason}`,
      ];
    default:
      return circuit satisfies never;
  }
}
