/** The operator's brake: everything is paused, or one source, and goes on again. */
import type { Config } from '../../config/schema.ts';
import { endOfDay, parseDateTime } from '../identity/calendar.ts';
import type { SourceId } from '../identity/index.ts';
import { pauseByWord, pauseInWords, resumeByWord } from '../plan/index.ts';
import { type Pause, pauses } from '../store/service/pauses.ts';
import type { Acting } from './acting.ts';
import { type Refusal, refuse } from './refusal.ts';
import { sourcesNamed } from './source-named.ts';

/** Done, in a sentence. */
export interface Braked {
  readonly kind: 'done';
  readonly source: SourceId | undefined;
  readonly sentence: string;
}

/** What is to be paused, why, and for how long. */
export interface PauseWish {
  /** Everything, if not given. */
  readonly source?: string | undefined;
  readonly reason: string;
  /** A day, which is included, or a time; by the clocks of `timezone` where it names no zone. */
  readonly until?: string | undefined;
  /** The source’s, if not given. */
  readonly timezone?: string | undefined;
  /** Whether whom HR or an operator says to have left is deactivated all the same. */
  readonly leavers: 'go' | 'wait';
}

/** Pauses everything, or one source, and writes down who said so. A pause that is in force is replaced. */
export async function pause({ engine, actor }: Acting, wish: PauseWish): Promise<Braked | Refusal> {
  const chosen = chosenOf(engine, wish.source);
  if (chosen.kind === 'refused') return chosen;
  const { source } = chosen;
  const now = new Date();
  const end = endOf(engine.config, wish, now);
  if (end.kind === 'refused') return end;
  const { leavers, reason } = wish;
  const { until } = end;
  const before = await pauseByWord(engine.store.db, { source, until, leavers }, { actor, reason }, now);
  const stops =
    source === undefined
      ? 'nothing is written to the org; sources are read and plans are made'
      : 'its schedule requests no run, it is not read, and nothing of it is written to the org';
  const when = until === undefined ? 'until it is resumed' : `until ${until.toISOString()}`;
  const who =
    leavers === 'go'
      ? 'Whom HR or an operator says to have left is deactivated all the same.'
      : 'Nobody is deactivated, whoever says so.';
  const again = before === undefined ? '' : ` It was paused already since ${before.since.toISOString()}.`;
  const sentence = `${nameOf(source)} is paused ${when}: ${stops}. ${who} What is under way ends.${again}`;
  return { kind: 'done', source, sentence };
}

/** Ends a pause before its time, and writes down who said so. */
export async function resume(
  { engine, actor }: Acting,
  wish: Pick<PauseWish, 'source' | 'reason'>,
): Promise<Braked | Refusal> {
  const chosen = chosenOf(engine, wish.source);
  if (chosen.kind === 'refused') return chosen;
  const { source } = chosen;
  const { db } = engine.store;
  const ended = await resumeByWord(db, source, { actor, reason: wish.reason }, new Date());
  const left = await pauses(db);
  if (ended === undefined) return nothingToResume(source, left);
  const others = left
    .filter((one) => one.source === undefined || source === undefined)
    .map((one) => (one.source === undefined ? 'everything is still paused' : `${one.source} still is`));
  const but = others.length === 0 ? '' : ` But ${others.join(', ')}.`;
  const sentence = `${source === undefined ? 'Execution' : nameOf(source)} goes on. It was paused since ${ended.since.toISOString()}: ${ended.reason}${but}`;
  return { kind: 'done', source, sentence };
}

/** The sources of those chosen that may be read, and a sentence on each of the others. */
export async function unpaused<Source extends { readonly id: SourceId }>(
  { store }: Acting['engine'],
  chosen: readonly Source[],
): Promise<{ readonly free: readonly Source[]; readonly paused: readonly string[] }> {
  const bySource = new Map((await pauses(store.db)).map((one) => [one.source, one]));
  return {
    free: chosen.filter(({ id }) => !bySource.has(id)),
    paused: chosen.flatMap(({ id }) => {
      const standing = bySource.get(id);
      return standing === undefined ? [] : [`The source ${id} is ${pauseInWords(standing)}`];
    }),
  };
}

const nameOf = (source: SourceId | undefined): string =>
  source === undefined ? 'Everything' : `The source ${source}`;

function chosenOf(
  engine: Acting['engine'],
  name: string | undefined,
): { readonly kind: 'chosen'; readonly source: SourceId | undefined } | Refusal {
  if (name === undefined) return { kind: 'chosen', source: undefined };
  const named = sourcesNamed(engine, name);
  return named.kind === 'refused' ? named : { kind: 'chosen', source: named.sources[0]?.id };
}

function nothingToResume(source: SourceId | undefined, left: readonly Pause[]): Refusal {
  const isWhole = left.some((one) => one.source === undefined && one.actor !== undefined);
  if (source !== undefined)
    return isWhole
      ? refuse('not-now', `The source ${source} itself is not paused, but everything is.`)
      : refuse('not-now', `The source ${source} is not paused.`, '`rollcall status` shows what is.');
  if (left.some(({ actor }) => actor === undefined))
    return refuse(
      'not-now',
      'Nobody has paused anything: the profile API refuses the key. Mend profileApi.apiKey; execution goes on by itself once the key is accepted.',
    );
  const named = left.flatMap((one) => (one.source === undefined ? [] : [one.source]));
  return named.length === 0
    ? refuse('not-now', 'Nothing is paused.')
    : refuse('not-now', `Not everything is paused, but ${named.join(', ')}.`, 'Name it with --source.');
}

function endOf(
  config: Config,
  { until, timezone, source }: PauseWish,
  now: Date,
): { readonly kind: 'end'; readonly until: Date | undefined } | Refusal {
  if (until === undefined) return { kind: 'end', until: undefined };
  const zone = timezone ?? zoneOf(config, source);
  const at = endOfDay(until, zone) ?? parseDateTime(until, zone);
  if (at === undefined)
    return refuse(
      'unspecified',
      `${JSON.stringify(until)} is no time. Write a day such as 2026-03-31, which ends it with that day, or a time such as 2026-03-31T17:00, with its zone (2026-03-31T17:00Z) or by the clocks of ${zone}.`,
    );
  if (at <= now) return refuse('not-now', `${at.toISOString()} is over already. Nothing was paused.`);
  return { kind: 'end', until: at };
}

/** The clocks of the source; of several, those that they have in common. */
function zoneOf({ sources }: Config, source: string | undefined): string {
  const concerned = sources.filter(({ id }) => source === undefined || id === source);
  const [zone = 'UTC', ...others] = new Set(concerned.map(({ schedule }) => schedule.timezone));
  return others.length === 0 ? zone : 'UTC';
}
