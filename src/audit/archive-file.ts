/** A sealed file of audit entries: a JSON line each, and a last one that says which they are and how the chain goes on. */
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { Anchor, SourceId } from '../identity/identity.ts';
import type { ProfileId } from '../profile-api/profile.ts';
import type { OperationId, RunId } from '../store/operations/operation.ts';
import { type Break, brokenAt, type ChainEntry, type ChainPoint, follow, isBroken } from './chain.ts';

/** The last line. `before` is the hash of the entry that the first one follows, `head` that of the last one. */
export const sealSchema = z.strictObject({
  sealed: z.strictObject({
    entries: z.int().min(1),
    first: z.int().min(1),
    last: z.int().min(1),
    before: z.string(),
    head: z.string(),
  }),
});
export type Seal = z.output<typeof sealSchema>['sealed'];

const text = z.string().nullable();
const lineSchema = z
  .strictObject({
    seq: z.int().min(1),
    at: z.iso.datetime(),
    actor: z.string(),
    action: z.string(),
    run: text,
    operation: text,
    source: text,
    anchor: text,
    profile: text,
    email: text,
    reason: text,
    details: z.record(z.string(), z.unknown()),
    prevHash: z.string(),
    hash: z.string(),
  })
  .transform(
    (line): ChainEntry => ({
      seq: String(line.seq),
      at: new Date(line.at),
      actor: line.actor,
      action: line.action,
      run_id: line.run as RunId | null,
      operation_id: line.operation as OperationId | null,
      source_id: line.source as SourceId | null,
      anchor: line.anchor as Anchor | null,
      profile_id: line.profile as ProfileId | null,
      email: line.email,
      reason: line.reason,
      details: line.details,
      prev_hash: line.prevHash,
      hash: line.hash,
    }),
  );

export interface ArchiveFile {
  readonly path: string;
  /** What its first entry follows, by its own word. */
  readonly from: ChainPoint;
}

/** An archive can't be read, or is none. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** @throws {ArchiveError} where it can't be read, or doesn't begin like an archive */
export async function openArchive(path: string): Promise<ArchiveFile> {
  for await (const line of linesOf(path)) {
    const first = entryIn(line);
    if (first === undefined) break;
    return { path, from: { seq: Number(first.seq) - 1, hash: first.prev_hash } };
  }
  throw new ArchiveError(`${path} is no archive of the audit log: its first line is no audit entry.`);
}

/** Proves a file whole, sealed and the continuation of `from`; where it ends, or where it is broken. */
export async function followArchive(path: string, from: ChainPoint): Promise<ChainPoint | Break> {
  const inFile = (broken: Break): Break => brokenAt(broken.at, `In ${path}: ${broken.sentence}`);
  let point = from;
  let seal: Seal | undefined;
  for await (const line of linesOf(path)) {
    if (seal !== undefined) return inFile(brokenAt(point.seq + 1, 'There is something after the seal.'));
    const entry = entryIn(line);
    if (entry === undefined) {
      seal = sealIn(line);
      if (seal !== undefined) continue;
      return inFile(brokenAt(point.seq + 1, `What follows entry ${point.seq} is no audit entry.`));
    }
    const step = follow(point, entry);
    if (isBroken(step)) return inFile(step);
    point = step;
  }
  if (seal === undefined)
    return inFile(brokenAt(point.seq + 1, `The file is cut after entry ${point.seq}: its seal is missing.`));
  const isSealed =
    seal.first === from.seq + 1 &&
    seal.before === from.hash &&
    seal.last === point.seq &&
    seal.head === point.hash &&
    seal.entries === point.seq - from.seq;
  if (isSealed) return point;
  return inFile(
    brokenAt(
      Math.min(seal.last, point.seq) + 1,
      'The seal tells of other entries than those that are there.',
    ),
  );
}

const entryIn = (line: string): ChainEntry | undefined => lineSchema.safeParse(parsed(line)).data;
const sealIn = (line: string): Seal | undefined => sealSchema.safeParse(parsed(line)).data?.sealed;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    await using file = await open(path, 'r');
    // Not readline's idea of a line: U+2028 is part of an entry.
    yield* splitLines(file.createReadStream({ encoding: 'utf8', autoClose: false }));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ArchiveError(`The archive ${path} can't be read: ${error.message}.`, { cause: error });
  }
}

async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
