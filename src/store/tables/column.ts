/** Columns that are not read as they are written. */
import type { ColumnType } from 'kysely';

/** A JSON column: read parsed, written as text (pg would make a PostgreSQL array of a JavaScript one). */
export type Json<Value> = ColumnType<Value, string, string>;

/** A 64-bit column, which pg hands over as text. */
export type Int8 = ColumnType<string, number | string, number | string>;
