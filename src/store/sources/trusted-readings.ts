/** The last reading of each source that proved to be whole and could be trusted. */
import type { Kysely } from 'kysely';
import type { SourceId } from '../../identity/identity.ts';
import type { RunId } from '../operations/operation.ts';
import type { Census } from '../people/census.ts';
import type { Database } from '../schema.ts';

/** When it was, and who was there. */
export interface TrustedReading {
  readonly at: Date;
  readonly census: Census;
}

/** The source's last one; undefined before the first. */
export async function trustedReading(
  db: Kysely<Database>,
  source: SourceId,
): Promise<TrustedReading | undefined> {
  const row = await db
    .selectFrom('trusted_readings')
    .select(['at', 'branches'])
    .where('source_id', '=', source)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const branches = row.branches.map(({ path, marks }) => ({ path, marks: marksOf(marks) }));
  return { at: row.at, census: { branches } };
}

/** Makes a reading the one that the next are measured against. */
export async function keepTrustedReading(
  db: Kysely<Database>,
  source: SourceId,
  run: RunId,
  { at, census }: TrustedReading,
): Promise<void> {
  const kept = census.branches.map(({ path, marks }) => ({ path, marks: textOf(marks) }));
  const values = { run_id: run, at, branches: JSON.stringify(kept) };
  await db
    .insertInto('trusted_readings')
    .values({ source_id: source, ...values })
    .onConflict((conflict) => conflict.column('source_id').doUpdateSet(values))
    .execute();
}

/** Four bytes each, the lowest first, whatever the machine. */
function textOf(marks: Uint32Array): string {
  const bytes = Buffer.alloc(marks.length * 4);
  for (const [index, mark] of marks.entries()) bytes.writeUInt32LE(mark, index * 4);
  return bytes.toString('base64');
}

function marksOf(text: string): Uint32Array {
  const bytes = Buffer.from(text, 'base64');
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
}
