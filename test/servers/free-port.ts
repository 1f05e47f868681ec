/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
import { createServer } from 'node:net';

/** Asks the kernel for a free port. Another process may take it before you do: start your server at once. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
