/** Reads people from a server, keeps their anchors and nothing else, and prints how much memory that takes for each. */
import { connectorToUrl } from './source.ts';

const [url = ''] = process.argv.slice(2);

function usedBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const anchors: string[] = [];
/** Taken while the reading goes on, so that each has a page in it that is under way. */
const samples: { readonly people: number; readonly bytes: number }[] = [];
const connector = connectorToUrl(url);
const attributes = ['cn', 'description'];
for await (const part of connector.read({ attributes, signal: new AbortController().signal })) {
  if (part.kind === 'batch') anchors.push(...part.identities.map(({ anchor }) => anchor));
  if (anchors.length >= (samples.length + 1) * 2_000) {
    samples.push({ people: anchors.length, bytes: usedBytes() });
  }
}
const [first, last] = [samples[0], samples.at(-1)];
if (first === undefined || last === undefined) throw new Error('too few people');
const bytesEach = (last.bytes - first.bytes) / (last.people - first.people);
console.log(JSON.stringify({ people: anchors.length, bytesEach }));
