/** A process with a worker, for tests that kill it. `hang`: its jobs never end. `once`: it does one job of its own, closes, and must end. */
import { openQueueBackend } from '../../src/queue/index.ts';
import { openStore } from '../../src/store/index.ts';
import type { Place } from './backends.ts';

const [, , mode, placeJson = ''] = process.argv;
const place = JSON.parse(placeJson) as Place;
const onError = (error: Error): void => void process.stderr.write(`${error.stack}\n`);
const store = await openStore(place.database, { onError });
const backend = await openQueueBackend(place, store, { onError });

if (mode === 'hang') {
  backend.worker(
    'killed',
    async (job) => {
      process.stdout.write(`started ${job.id}\n`);
      await new Promise(() => {});
    },
    { lockDuration: 1_000, stalledInterval: 500 },
  );
} else {
  const queue = backend.queue<number>('once');
  const events = backend.events('once');
  await events.waitUntilReady();
  backend.worker<number>('once', async (job) => job.data * 2);
  const job = await queue.add('double', 21);
  process.stdout.write(`result ${await job.waitUntilFinished(events)}\n`);
  await queue.upsertJobScheduler('later', { pattern: '0 3 * * *' });
  await backend.close();
  await store.close();
}
