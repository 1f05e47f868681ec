/** Brings the tables up to date: all pending migrations in one transaction, or none. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { migrations as ours } from './migrations/index.ts';
import type { Database } from './schema.ts';
import { StoreError } from './store-error.ts';

/** Any number, the same for all processes: "Roll" in ASCII. */
const lockKey = 0x526f6c6c;

/**
 * Applies the pending migrations and returns their names. Safe when several processes start at once: the first does the work,
 * the others wait and find nothing to do. Throws a {@link StoreError} of kind `newer` where the database has migrations that
 * this program does not know, and of kind `migration` where one fails; the database is then as it was.
 *
 * Kysely's own lock is not enough: it is released before the commit, and is no lock at all among the clients of the embedded
 * store, who share one session. Ours belongs to the transaction.
 */
export async function migrate(
  db: Kysely<Database>,
  migrations: Readonly<Record<string, Migration>> = ours,
): Promise<readonly string[]> {
  return db.transaction().execute(async (transaction) => {
    // Waiting for another process, or changing a large table, may take longer than our statements usually may.
    await sql`SET LOCAL statement_timeout = 0`.execute(transaction);
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(lockKey)})`.execute(transaction);
    await refuseNewer(transaction, migrations);
    return applyPending(transaction, migrations);
  });
}

async function refuseNewer(
  transaction: Transaction<Database>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const table = await sql<{ exists: boolean }>`
    SELECT to_regclass('kysely_migration') IS NOT NULL AS exists`.execute(transaction);
  if (table.rows[0]?.exists !== true) return;
  const applied = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(
    transaction,
  );
  const unknown = applied.rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return;
  throw new StoreError(
    'newer',
    `The database was set up by a newer Rollcall: it has ${unknown.join(', ')}, which this version does not know. ` +
      'Start the newer version, or restore the backup made before the upgrade.',
  );
}

async function applyPending(
  transaction: Transaction<Database>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<readonly string[]> {
  let failed: { readonly name: string; readonly cause: unknown } | undefined;
  // Kysely hides the first error behind that of its unlocking in the broken transaction, so it is kept here.
  const watched = Object.fromEntries(
    Object.entries(migrations).map(([name, migration]) => [
      name,
      {
        up: async (db: Kysely<never>) => {
          try {
            await migration.up(db);
          } catch (cause) {
            failed = { name, cause };
            throw cause;
          }
        },
      },
    ]),
  );
  const migrator = new Migrator({ db: transaction, provider: { getMigrations: async () => watched } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined && failed === undefined) return (results ?? []).map((one) => one.migrationName);
  const cause = failed?.cause ?? error;
  throw new StoreError(
    'migration',
    `The database could not be brought up to date${failed === undefined ? '' : ` by ${failed.name}`}: ` +
      `${cause instanceof Error ? cause.message : String(cause)}. It is as it was before.`,
    { cause },
  );
}
