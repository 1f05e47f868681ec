/** Saves the org before much of it is changed, so that there is something to go back to. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../../config/schema.ts';
import { audit } from '../../audit/index.ts';
import { type Profile, type ProfileApi, ProfileApiError } from '../../profile-api/index.ts';
import type { Org } from '../../reconcile/index.ts';
import type { OperationKind, RunId } from '../../store/operations/operation.ts';
import type { Database, HoldReason } from '../../store/schema.ts';
import { PlanError } from '../plan-error.ts';
import { readOrg } from '../reading/read-org.ts';
import { type BackupForm, readBackup, toJsonLines } from './file.ts';
import { keepBackup } from './folder.ts';

/** The backup that is configured, with its folder as it is on this machine. */
export type BackupRule = Exclude<Config['backup'], 'off'> & { readonly folder: string };

/** Kinds that change what is there. A creation takes nothing away that a backup could give back. */
const changing: ReadonlySet<OperationKind> = new Set(['edit', 'adopt', 'deactivate', 'reactivate', 'purge']);

type Kinds = readonly { readonly kind: OperationKind }[];

/** Whether so much would be changed that the org has to be saved first. Pure. */
export function needsBackup(
  operations: Kinds,
  profiles: number,
  { share, atLeast }: Pick<BackupRule, 'share' | 'atLeast'>,
): boolean {
  const count = operations.filter(({ kind }) => changing.has(kind)).length;
  return count >= atLeast && count * 100 > profiles * share;
}

/** Holds for every kind that changes something, since nothing was saved. Pure. */
export function holdsWithoutBackup(operations: Kinds, why: string): readonly HoldReason[] {
  return [...changing].flatMap((kind) => {
    const count = operations.filter((operation) => operation.kind === kind).length;
    const sentence = `${count} of kind ${kind} are part of a change so large that the org has to be saved first (backup.share, backup.atLeast), and it was not: ${why}`;
    return count === 0 ? [] : [{ guard: 'backup', kind, count, sentence }];
  });
}

/** What a backup is made with. */
export interface BackupMeans {
  readonly db: Kysely<Database>;
  readonly api: ProfileApi;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The clock. */
  readonly now: () => Date;
  /** Told of how many profiles were listed. */
  readonly onListed?: (profiles: number) => void;
}

/** Which backup is to be made, and for whom. */
export interface BackupAsked {
  readonly rule: Pick<BackupRule, 'folder' | 'keep'>;
  readonly actor: string;
  readonly run: RunId | undefined;
  /** The org as it was listed a moment ago, where it was. */
  readonly listed: Org | undefined;
}

/** A backup that is on the disk. */
export interface Backup {
  readonly file: string;
  readonly form: BackupForm;
  readonly profiles: number;
}

/**
 * Saves the org: as the server's own export, or, where there is none that could be read back, as it is listed.
 *
 * @throws {PlanError} where neither can be had, or the file can't be written
 */
export async function saveOrg(means: BackupMeans, asked: BackupAsked): Promise<Backup> {
  const { db, log, now } = means;
  const { rule, actor, run } = asked;
  try {
    const { form, content, profiles } = (await exported(means, asked)) ?? (await listing(means, asked));
    const file = await keepBackup(rule.folder, run ?? 'hand', form, content, rule.keep, now());
    const details = { file, form, profiles };
    log.info({ event: 'backup.made', run, ...details }, 'The org was saved.');
    await audit(db, [{ actor, action: 'backup.made', run, details }], now());
    return { file, form, profiles };
  } catch (cause) {
    means.signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The org could not be saved to ${rule.folder}: ${reason} Mend that, or set backup: off to do without.`;
    log.error({ event: 'backup.failed', run, err: cause }, message);
    throw new PlanError(message, { cause });
  }
}

interface Content {
  readonly form: BackupForm;
  readonly content: string | Uint8Array;
  readonly profiles: number;
}

/** The export, where there is one, it can be read back, and it lacks nobody. */
async function exported(
  { api, log, signal }: BackupMeans,
  { listed }: BackupAsked,
): Promise<Content | undefined> {
  try {
    const { bytes } = await api.downloadCsv(signal);
    const saved = readBackup(new TextDecoder('utf-8', { fatal: true }).decode(bytes), 'csv');
    const ids = new Set(saved.map(({ profile }) => profile.profileId));
    let lacking = 0;
    for (const { profileId } of listed?.profiles() ?? []) if (!ids.has(profileId)) lacking += 1;
    if (lacking === 0) return { form: 'csv', content: bytes, profiles: saved.length };
    log.warn(
      { event: 'backup.export-unusable' },
      `The org's own export lacks ${lacking} profiles; the listing is saved instead.`,
    );
  } catch (error) {
    const isForeseen =
      error instanceof ProfileApiError || error instanceof PlanError || error instanceof TypeError;
    if (!isForeseen) throw error;
    log.warn(
      { event: 'backup.export-unusable', err: error },
      `The org's own export can't be used; the listing is saved instead. ${error.message}`,
    );
  }
  return undefined;
}

async function listing({ api, signal, onListed }: BackupMeans, { listed }: BackupAsked): Promise<Content> {
  const profiles = listed === undefined ? await listedNow(api, signal, onListed) : [...listed.profiles()];
  return { form: 'jsonl', content: toJsonLines(profiles), profiles: profiles.length };
}

async function listedNow(
  api: ProfileApi,
  signal: AbortSignal,
  onListed: (profiles: number) => void = () => undefined,
): Promise<readonly Profile[]> {
  const { profiles, doubt } = await readOrg(api, signal, onListed);
  if (doubt !== undefined) throw new PlanError(doubt);
  return profiles;
}
