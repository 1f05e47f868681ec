/** Many rows as one JSON text: values one by one would be a parameter each, and another statement for each number of rows. */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What follows `INSERT INTO` and the table: the columns that the first row names, and the rows, of which there has to be one. */
export function jsonRows<Row extends object>(
  table: keyof Database,
  rows: readonly Row[],
): RawBuilder<unknown> {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((name) => sql.ref(name)));
  return sql`(${columns})
    SELECT ${columns} FROM json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)`;
}
