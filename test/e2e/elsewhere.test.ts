/** A service of its own process, on the embedded store, asked from elsewhere: also where it dies in the middle. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { freePort } from '../servers/free-port.ts';
import { inThisProcess, setStage, until } from './stage.ts';

test('resync --wait outlives a service that dies and is started again, and tells the end', async () => {
  const [port, token] = [await freePort(), 'a-token-of-more-than-24-letters'];
  await using stage = await setStage({
    sandbox: { latencyMs: 400 },
    profileApi: 'concurrency: 1, rateLimit: { max: 5000, per: 1s }, timeout: 5s',
    sources: '  - { id: people, type: ldif, file: people.ldif }',
    more: 'mapping: { email: mail, username: mail, name: cn }',
  });
  await writeFile(join(stage.folder, 'people.ldif'), toLdif(sampleDirectory({ people: 12 })));
  const server = `server: { port: ${port}, tokens: [{ name: ada, role: operator, token: ${token} }] }`;
  await stage.writeConfig((await readFile(stage.configFile, 'utf8')).replace('server: { port: 0 }', server));
  const env = { ROLLCALL_URL: `http://127.0.0.1:${port}`, ROLLCALL_TOKEN: token };
  const service = stage.startService();
  await service.untilEvent('service.started');

  const waiting = inThisProcess(['resync', '--wait'], '/', env);
  await until(
    () => stage.sandbox.effects.length,
    (count) => count >= 2,
  );
  await service.kill('SIGKILL');
  await stage.startService().untilEvent('service.started');
  const { code, stdout, stderr } = await waiting;

  expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/Run \w+ of people: 12 done\.\n$/)]);
  // And nothing else: that no service is at work there, say.
  expect(stderr).toMatch(/^The connection to \S+ was lost\. [^\n]*\n\S+ answers again\.\n$/);
  const created = stage.sandbox.effects.filter(({ kind }) => kind === 'created');
  expect(new Set(created.map(({ email }) => email)).size).toBe(12);
  expect(created).toHaveLength(12);
}, 180_000);
