/** One screen that says how things are. */
import type { ToldSourceState, ToldStatus } from '../../json/index.ts';
import { printable } from '../../words/printable.ts';
import { relativeTime, timeInWords } from '../../words/time.ts';
import { plural } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { givenInWords, overtakenInWords } from './plan-summary.ts';
import { nextMaintenance, pauseOfSource, standstill } from './standstill.ts';
import { paintOfState } from './words.ts';
import { wrap } from './wrap.ts';

type Sources = readonly ToldSourceState[];
type LastRun = NonNullable<ToldSourceState['lastRun']>;
type Service = ToldStatus['services'][number];

export function renderStatus(report: ToldStatus, screen: Screen, now: Date): readonly string[] {
  return [
    ...standstill(report, screen, now),
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

function broken(found: ToldStatus['auditBreak'], { colour, width }: Screen, now: Date): readonly string[] {
  if (found === null) return [];
  const text = `AUDIT LOG BROKEN at entry ${found.at}, found ${timeInWords(new Date(found.since), now)}: ${found.sentence} The work goes on. Compare the log with an export or a backup; \`rollcall audit verify\` looks again.`;
  return [...wrap(printable(text), width).map((line) => colour.bold(colour.red(line))), ''];
}

function sources(all: Sources, screen: Screen, now: Date): readonly string[] {
  if (all.length === 0) return ['No source is configured.'];
  const { colour, width } = screen;
  return all.flatMap(({ id, lastRun, lastGoodReadingAt, noticesTrouble, quarantine, pause, ...source }) => [
    `Source ${colour.bold(printable(id))}`,
    `  last run           ${lastRun === null ? 'none yet' : runInWords(lastRun, screen, now)}`,
    ...(lastRun?.error == null ? [] : wrap(printable(lastRun.error), width, 4).map(colour.red)),
    `  next run           ${source.nextRunAt === null ? 'not scheduled' : `${readingInWords(source.nextReading)}${timeInWords(new Date(source.nextRunAt), now)}`}`,
    `  last good reading  ${lastGoodReadingAt === null ? colour.yellow('never') : timeInWords(new Date(lastGoodReadingAt), now)}`,
    ...pauseOfSource({ id, pause }, screen, now),
    ...quarantineInWords(quarantine, id, screen, now),
    ...(noticesTrouble === null
      ? []
      : wrap(printable(`NO NOTICES of changes, the schedule alone: ${noticesTrouble}`), width, 2).map(
          colour.yellow,
        )),
  ]);
}

function quarantineInWords(
  quarantine: ToldSourceState['quarantine'],
  id: string,
  { colour, width }: Screen,
  now: Date,
): readonly string[] {
  if (quarantine === null) return [];
  const { since, reason, nextTryAt } = quarantine;
  const next = nextTryAt === null ? '' : ` It is tried again ${timeInWords(new Date(nextTryAt), now)}.`;
  const text = `IN QUARANTINE since ${timeInWords(new Date(since), now)}, removing nobody: ${reason}${next} A whole reading that can be trusted ends it, or \`rollcall quarantine clear ${id} --reason "..."\`.`;
  return wrap(printable(text), width, 2).map((line) => colour.bold(colour.red(line)));
}

function runInWords(
  { id, state, requestedAt, reading, read }: LastRun,
  { colour }: Screen,
  now: Date,
): string {
  const paint = paintOfState(state, colour) ?? String;
  const soFar = read === null ? '' : `, ${read.identities} people and ${read.profiles} profiles so far`;
  return `${printable(id)} ${paint(state)}${soFar}, ${readingInWords(reading)}${timeInWords(new Date(requestedAt), now)}`;
}

const readingInWords = (reading: LastRun['reading'] | null): string => (reading === 'delta' ? 'delta, ' : '');

function failures(failed: number, { colour }: Screen): readonly string[] {
  if (failed === 0) return ['No operation has failed.'];
  const have = failed === 1 ? 'has' : 'have';
  return [`${colour.red(`${plural(failed, 'operation')} ${have} failed:`)} rollcall operations --failed`];
}

function deaf(channels: ToldStatus['deafChannels'], { colour, width }: Screen, now: Date): readonly string[] {
  return channels.flatMap(({ channel, waiting, since, trouble }) => {
    const text = `NOT TOLD: the channel ${channel} has not taken ${plural(waiting, 'alert')}, the oldest of ${timeInWords(new Date(since), now)}: ${trouble} \`rollcall notify test ${channel}\` tries it out.`;
    return wrap(printable(text), width).map(colour.yellow);
  });
}

function heldPlan(
  plan: ToldStatus['heldPlans'][number],
  { colour, width }: Screen,
  now: Date,
): readonly string[] {
  const until = plan.expiresAt === null ? '' : `; it expires ${timeInWords(new Date(plan.expiresAt), now)}`;
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
  return living.flatMap(({ host, pid, roles, circuit, startedAt, seenAt }) => {
    const since = `started ${timeInWords(new Date(startedAt), now)}, heard of ${relativeTime(new Date(seenAt), now)}`;
    const what = `Service on ${host} (process ${pid}: ${roles.join(', ')})`;
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
