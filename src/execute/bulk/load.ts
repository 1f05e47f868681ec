/** Carries out many creations as one file: validate, store the intent, upload, look who is there, record. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type CsvFile, ProfileApiError, type WriteAnswer } from '../../profile-api/index.ts';
import { noteIntents } from '../../store/operations/bulk.ts';
import type { Operation } from '../../store/operations/operations.ts';
import { outcomeOf } from '../classify.ts';
import { type FileShape, fileOf, unfitForFile } from './csv-file.ts';
import { readReport } from './report.ts';
import {
  giveBack,
  type OpenRows,
  type RowMeans,
  recordAll,
  recordFound,
  returnRefused,
  rowKey,
} from './rows.ts';

export interface LoadMeans extends RowMeans {
  readonly api: FileApi;
  readonly shape: FileShape & { readonly field: string; readonly settle: number; readonly timeout: number };
}

export interface FileApi {
  validateCsv(file: CsvFile, signal: AbortSignal): Promise<WriteAnswer>;
  uploadCsv(file: CsvFile, signal: AbortSignal): Promise<WriteAnswer>;
}

/** Too many requests (429), so many times in a row, send everybody the ordinary way. */
const uploadTries = 4;
/** Somebody is looked for this soon again where the server may still be loading; then after ever longer times. */
const firstLookAgainMs = 250;

export interface Loaded {
  readonly loaded: number;
  /** Who goes the ordinary way. */
  readonly returned: number;
  /** Why there is no point in another file for now; undefined where there is. */
  readonly obstacle: string | undefined;
}

interface Load {
  readonly means: LoadMeans;
  readonly open: OpenRows;
  loaded: number;
  /** `sent`: a file may have been loaded, whatever comes; `answered`: the server has taken it. */
  phase: 'checking' | 'sent' | 'answered';
}

/** @param claimed - creations under leases of the owner's. All of them have ended or are given back when this is over */
export async function loadAsFile(claimed: readonly Operation[], means: LoadMeans): Promise<Loaded> {
  const open: OpenRows = new Map(claimed.map((operation) => [rowKey(operation), operation]));
  const load: Load = { means, open, loaded: 0, phase: 'checking' };
  let obstacle: string | undefined;
  try {
    await carryOut(load);
  } catch (error) {
    obstacle = await concede(load, error);
  }
  return { loaded: load.loaded, returned: claimed.length - load.loaded, obstacle };
}

async function carryOut(load: Load): Promise<void> {
  const { means, open } = load;
  const { api, shape, signal } = means;
  for (const operation of [...open.values()]) {
    const why = unfitForFile(operation.desired);
    if (why !== undefined) await giveBack(means, open, [operation], `Created singly. ${why}`, false);
  }
  if (open.size === 0) return;

  const draft = makeFile(load);
  const validation = readReport((await api.validateCsv(draft, signal)).body, new Set(open.keys()));
  await returnRefused(means, open, validation.refused, draft.secrets);
  if (validation.isUnclear) {
    const why = 'The server has something against the file, and does not say against whom in it.';
    await giveBack(means, open, [...open.values()], `Created singly. ${why}`, false);
  }
  if (open.size === 0) return;

  const ids = [...open.values()].map(({ id }) => id);
  const ours = await noteIntents(means.db, ids, means.owner);
  for (const [key, { id }] of open) if (!ours.has(id)) open.delete(key);
  const file = makeFile(load);
  const answer = await upload(load, file);
  load.phase = 'answered';
  await returnRefused(means, open, readReport(answer.body, new Set(open.keys())).refused, file.secrets);
  await recordAsTheyCome(load);
  const missing = 'It was a row of a file that the server took, and is not there yet.';
  await giveBack(means, open, [...open.values()], missing, true, shape.settle);
}

function makeFile({ means: { shape }, open }: Load): CsvFile & { readonly secrets: readonly string[] } {
  const people = [...open.values()].map(({ desired }) => desired);
  return { ...fileOf(people, shape), field: shape.field, fileName: 'users.csv' };
}

/** Too many requests are waited out here: nothing has happened then. */
async function upload(load: Load, file: CsvFile): Promise<WriteAnswer> {
  const { api, signal } = load.means;
  for (let tried = 1; ; tried += 1) {
    load.phase = 'sent';
    try {
      return await api.uploadCsv(file, signal);
    } catch (error) {
      const answer = error instanceof ProfileApiError ? error.answer : undefined;
      if (answer?.kind !== 'retry-later') throw error;
      load.phase = 'checking';
      if (answer.reason !== 'rate-limited' || tried >= uploadTries) throw error;
      await sleep(answer.retryAfterMs ?? 1_000 * tried, undefined, { signal });
    }
  }
}

/** Those who are there are done. The server may be loading yet: it has some time. */
async function recordAsTheyCome(load: Load): Promise<void> {
  const { means, open } = load;
  const until = performance.now() + means.shape.settle;
  for (let waitMs = firstLookAgainMs; ; waitMs *= 2) {
    load.loaded += (await recordFound(means, open, 'It was loaded as a row of a file.')).count;
    if (open.size === 0 || performance.now() + waitMs > until) return;
    await sleep(waitMs, undefined, { signal: means.signal });
  }
}

/**
 * What has gone wrong, classified as for a single creation, and what it means for those of the file: nobody stays behind.
 *
 * @returns why there is no point in another file for now, where there is none
 */
async function concede(load: Load, error: unknown): Promise<string | undefined> {
  const { means, open, phase } = load;
  const outcome = outcomeOf(error, means.shape.timeout);
  const message = outcome.message ?? '';
  means.log.warn({ event: 'bulk.failed', rows: open.size, phase, err: error }, message);
  const rows = () => [...open.values()];
  if (outcome.kind === 'stop') {
    await recordAll(means, open, rows(), () => outcome, phase === 'answered');
    return undefined;
  }
  const isAboutThisFile = error instanceof ProfileApiError && error.answer.kind === 'bad-record';
  const obstacle = isAboutThisFile ? undefined : message;
  if (phase === 'checking') {
    const delayMs = outcome.kind === 'again' ? (outcome.afterMs ?? 0) : 0;
    await giveBack(means, open, rows(), `Created singly. ${message}`, false, delayMs);
    return obstacle;
  }

  const looked = await recordFound(
    means,
    open,
    'It was loaded as a row of a file, whose answer was lost.',
  ).catch(() => undefined);
  load.loaded += looked?.count ?? 0;
  // A no to the file, and a listing begun after it, are proof together that somebody was not made; anything else is none.
  const isNo = phase === 'sent' && outcome.kind !== 'again';
  const isProven = isNo && looked !== undefined && looked.doubt === undefined;
  const [first] = rows();
  const others = rows().filter((row) => outcome.kind !== 'licence-full' || row !== first);
  await giveBack(means, open, others, message, !isProven, isProven ? 0 : means.shape.settle);
  // The licence is everybody's: the others are not tried.
  if (outcome.kind === 'licence-full') await recordAll(means, open, rows(), () => outcome, !isProven);
  return obstacle;
}
