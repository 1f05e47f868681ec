import { expect, test } from 'vitest';
import { runSandboxAlone } from '../../src/sandbox/index.ts';

test('a sandbox that runs alone answers until it is told to stop', async () => {
  const stop = new AbortController();
  const url = Promise.withResolvers<string>();

  const running = runSandboxAlone({}, stop.signal, (sandbox) => url.resolve(sandbox.url));
  const address = await url.promise;
  expect((await fetch(address)).status).toBe(200);
  stop.abort();
  await running;

  await expect(fetch(address)).rejects.toThrow();
});
