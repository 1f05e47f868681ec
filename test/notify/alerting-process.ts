/** A process that tells people what is wrong, for tests that have several, or kill one. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { loadConfig } from '../../config/index.ts';
import type { SourceId } from '../../src/identity/index.ts';
import { createNotifier } from '../../src/notify/index.ts';
import { openStore } from '../../src/store/index.ts';

const [, , file = '', forMs = ''] = process.argv;
const { config } = await loadConfig({ file, env: {} });
const store = await openStore(config.database, {
  onError: (error) => process.stderr.write(`${error.stack}\n`),
});
const notifier = createNotifier(
  {
    ...{ db: store.db, owner: randomUUID(), config: config.notify, now: () => new Date() },
    ...{ sources: config.sources.map(({ id }) => id as SourceId), log: pino({ level: 'silent' }) },
  },
  0,
);
process.stdout.write('ready\n');
const end = performance.now() + Number(forMs);
while (performance.now() < end) {
  await notifier.tick();
  await sleep(5);
}
await notifier.stop();
await store.close();
