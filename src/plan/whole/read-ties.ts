/** The links of a source, as those who may be at rest are known by. */
import type { Kysely } from 'kysely';
import type { SourceId } from '../../identity/index.ts';
import { printOf, printVersion, type Tie } from '../../reconcile/index.ts';
import { keepPrints, tiesOf } from '../../store/people/ties.ts';
import type { Database } from '../../store/schema.ts';

/** Whatever was applied since the last time is printed now; of all others the print is there, and not read is what it is of. */
export async function* readTies(
  db: Kysely<Database>,
  source: SourceId,
): AsyncGenerator<readonly Tie[], void> {
  for await (const page of tiesOf(db, source, printVersion)) {
    const fresh: Parameters<typeof keepPrints>[2][number][] = [];
    yield page.map(({ of, ...tie }): Tie => {
      if (!('hash' in of)) return { ...tie, print: of };
      const print = printOf(of);
      fresh.push({ anchor: tie.anchor, hash: of.hash, ...print });
      return { ...tie, print };
    });
    await keepPrints(db, source, fresh);
  }
}
