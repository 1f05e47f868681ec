/** Runs a sandbox by itself, for a command line: until it is told to stop. */
import { once } from 'node:events';
import type { SandboxOptions } from './options.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

/** Starts a sandbox, hands it to `started` (to print its address), and closes it when `stop` aborts.
 * @throws where the port is taken */
export async function runSandboxAlone(
  options: SandboxOptions,
  stop: AbortSignal,
  started: (sandbox: Sandbox) => void,
): Promise<void> {
  const sandbox = await startSandbox(options);
  started(sandbox);
  if (!stop.aborted) await once(stop, 'abort');
  await sandbox.close();
}
