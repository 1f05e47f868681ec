/** A reverse proxy as people have one before Rollcall: HTTPS outside, HTTP inside. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from './certificates.ts';

export interface TlsFront {
  /** `https://localhost:PORT`. */
  readonly url: string;
  readonly caFile: string;
  /** Where it leads to from now on; nowhere (502) until then. */
  leadTo(url: string | undefined): void;
  stop(): Promise<void>;
}

export async function startTlsFront(): Promise<TlsFront> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-front-'));
  const { caFile, certificateFile, keyFile } = makeCertificates(folder, { subjectAltName: 'DNS:localhost' });
  let target: string | undefined;
  const server = createServer(
    { cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
    (incoming, answer) => {
      if (target === undefined) {
        answer.writeHead(502).end();
        return;
      }
      const { method, headers } = incoming;
      const inner = request(new URL(incoming.url ?? '/', target), { method, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      inner.on('error', () => answer.writeHead(502).end());
      incoming.pipe(inner);
    },
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    caFile,
    leadTo: (url) => {
      target = url;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
