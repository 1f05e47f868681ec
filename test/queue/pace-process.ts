/** A process that sends as fast as the shared rate limit lets it, and prints when. */
import { openQueueBackend, sharedPace } from '../../src/queue/index.ts';
import type { SlotLimit } from '../../src/queue/slot-book.ts';
import { openStore } from '../../src/store/index.ts';
import type { Place } from './backends.ts';

type Task = {
  readonly place: Place;
  readonly name: string;
  readonly limit: SlotLimit;
  readonly count: number;
};

const { place, name, limit, count } = JSON.parse(process.argv[2] ?? '') as Task;
const onError = (error: Error): void => void process.stderr.write(`${error.stack}\n`);
const store = await openStore(place.database, { onError });
const backend = await openQueueBackend(place, store, { onError });
const pace = sharedPace(backend.slots, name, limit, { onError });
await Promise.all(
  Array.from({ length: count }, async () => {
    await pace.take();
    process.stdout.write(`${Date.now()}\n`);
  }),
);
await backend.close();
await store.close();
