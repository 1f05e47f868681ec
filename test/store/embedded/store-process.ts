/** A process that opens an embedded store, as its owner only where told so, for tests that kill it: says how it opened it, then obeys its input. */
import { createInterface } from 'node:readline';
import { openStore } from '../../../src/store/index.ts';

const [, , path = '', mode] = process.argv;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { signal } = new AbortController();
const ownership = { signal, onWait: () => say('waiting') };
const store = await openStore(
  { path },
  {
    onError: (error) => say(`broken ${error.message}`),
    ownership: mode === 'owner-only' ? ownership : undefined,
  },
);
say(store.isOwner ? 'owner' : 'client');

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'close') break;
  try {
    const { rows } = await store.pool.query(line);
    say(`rows ${JSON.stringify(rows)}`);
  } catch (error) {
    say(`error ${error instanceof Error ? error.message : String(error)}`);
  }
}
await store.close();
say('closed');
