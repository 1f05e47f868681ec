import { type Kysely, sql } from 'kysely';

/** The number that HR knows somebody by outlives their entry in the source: by it they are found again. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE links ADD COLUMN employee_number text`,
    sql`ALTER TABLE operations ADD COLUMN employee_number text`,
    sql`CREATE INDEX links_employee_number ON links USING hash (employee_number) WHERE employee_number IS NOT NULL`,
  ];
  for (const statement of statements) await statement.execute(db);
}
