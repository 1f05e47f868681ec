/** The links of a source, as those who may be at rest are known by. */
import type { Kysely } from 'kysely';
import type { SourceId } from '../../identity/index.ts';
import { type LearntRecord, printer, printVersion, type Tie } from '../../reconcile/index.ts';
import { batches } from '../../store/batches.ts';
import { keepPrints, keepRecords, tiesOf } from '../../store/people/ties.ts';
import type { Database } from '../../store/schema.ts';

/** Whatever was applied since the last time is printed now; of all others the print is there, and not read is what it is of. */
export async function* readTies(
  db: Kysely<Database>,
  source: SourceId,
): AsyncGenerator<readonly Tie[], void> {
  const printOf = printer();
  for await (const page of tiesOf(db, source, printVersion)) {
    const fresh: Parameters<typeof keepPrints>[2][number][] = [];
    const ties: Tie[] = [];
    for (const { of, ...tie } of page) {
      if (!('hash' in of)) {
        ties.push({ ...tie, print: of, record: of.record });
        continue;
      }
      const print = printOf(of);
      fresh.push({ anchor: tie.anchor, hash: of.hash, ...print });
      ties.push({ ...tie, print });
    }
    yield ties;
    await keepPrints(db, source, fresh);
  }
}

const atOnce = 5_000;

/** Remembers for the next time in which records a reading saw what links tell. */
export async function rememberRecords(
  db: Kysely<Database>,
  source: SourceId,
  learnt: Iterable<LearntRecord>,
): Promise<void> {
  for (const some of batches(learnt, atOnce)) await keepRecords(db, source, some);
}
