/** That the licence is full is noted once for all who are refused at the same moment, and anew when it is so again. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { noteLicenceFull, runOf } from '../../src/store/runs/runs.ts';
import { install } from '../engine/installation.ts';

test('many that are refused at once write one note; later ones write another', async () => {
  await using here = await install({ people: 1 });
  const { db } = here.engine.store;
  const run = await here.request('apply');
  const notedAt = async () => (await runOf(db, run))?.licence_full_at?.getTime() ?? 0;
  await sql`CREATE TABLE written (n int)`.execute(db);
  await sql`CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO written VALUES (1); RETURN NEW; END $$`.execute(db);
  await sql`CREATE TRIGGER tell AFTER UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION tell()`.execute(db);
  const writtenSoFar = async () => (await sql`SELECT n FROM written`.execute(db)).rows.length;

  await Promise.all(Array.from({ length: 20 }, () => noteLicenceFull(db, run)));
  expect(await writtenSoFar()).toBe(1);
  expect(await notedAt()).toBeGreaterThan(Date.now() - 60_000);

  await sql`UPDATE runs SET licence_full_at = now() - interval '1 day'`.execute(db);
  await noteLicenceFull(db, run);
  expect(await writtenSoFar()).toBe(3);
  expect(await notedAt()).toBeGreaterThan(Date.now() - 60_000);
});
