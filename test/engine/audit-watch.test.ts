import { sql } from 'kysely';
import pino from 'pino';
import { expect, test } from 'vitest';
import { startService, statusOf } from '../../src/engine/index.ts';
import { until } from '../e2e/stage.ts';
import { install } from './installation.ts';

test('a broken audit log is told at every start, with its place, and stops nothing', async () => {
  await using here = await install({ people: 3 });
  const { engine } = here;
  await here.sync();
  await sql`UPDATE audit SET actor = 'cli:mallory' WHERE seq = 2`.execute(engine.store.db);

  for (let start = 1; start <= 2; start += 1) {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const service = await startService({ ...engine, log }, ['scheduler', 'worker']);
    const told = await until(
      async () => lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'audit.broken'),
      (line) => line !== undefined,
    );
    await service.stop();

    expect(told).toMatchObject({ level: 50, entry: 2, msg: expect.stringMatching(/broken at entry 2/) });
  }

  expect((await statusOf(engine)).auditBreak).toMatchObject({ at: 2 });
  await here.publish(here.people.slice(1));
  expect((await here.sync()).run.state).toBe('done');
});
