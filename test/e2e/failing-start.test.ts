/** A service that can't start must end, so that whoever watches over it starts it again. */
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { setStage } from './stage.ts';

test('a service that fails once its health is served already ends, with its status', async () => {
  await using stage = await setStage({
    combination: 'PostgreSQL',
    sources: `  - { id: people, type: ldif, file: people.ldif, active: 'true' }`,
    more: 'mapping: { email: mail, username: mail, name: cn }',
  });
  expect(await stage.rollcall('runs')).toMatchObject({ code: 0 });
  const [, url] = /url: "(postgres[^"]+)"/.exec(await readFile(stage.configFile, 'utf8')) ?? [];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ALTER TABLE services RENAME TO services_elsewhere');
  await client.end();

  const service = stage.startService();

  expect(await service.ended).toBe(1);
  expect(service.log.join('\n')).toContain('server.listening');
});
