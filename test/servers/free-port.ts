/** Free ports and addresses of this machine alone, and whether somebody listens there. */
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

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

/**
 * An address of this machine alone on which all the ports are free, for servers whose ports can't be chosen. All of
 * 127.0.0.0/8 belongs to the loopback interface on Linux.
 */
export async function freeLoopbackAddress(ports: readonly number[], attempts = 20): Promise<string> {
  const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const taken = await Promise.all(ports.map((port) => accepts(port, address)));
  if (!taken.includes(true)) return address;
  if (attempts <= 1) throw new Error(`No free address for the ports ${ports.join(', ')} was found.`);
  return freeLoopbackAddress(ports, attempts - 1);
}

/** Whether somebody listens there. */
export function accepts(port: number, address = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
