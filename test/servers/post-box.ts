/** Receives what is posted to it, as Slack or a webhook's receiver would; over TLS too, and with faults. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from './certificates.ts';

export interface Posted {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How a post is answered; `hang`: never, `cut`: the connection ends before the answer. */
export type PostAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hang'
  | 'cut';

export interface PostBox {
  /** With the secret path, such as `http://127.0.0.1:8080/services/T0/canary`. */
  readonly url: string;
  readonly posted: readonly Posted[];
  /** The next posts are answered so, one each; those after them with 200. */
  next(...answers: readonly PostAnswer[]): void;
  /** All posts are answered so from now on. */
  always(answer: PostAnswer): void;
  stop(): Promise<void>;
}

/** What must not come up anywhere. */
export const secretPath = '/services/T0/canary-in-the-path';

export async function startPostBox(certificates?: Certificates, name = '127.0.0.1'): Promise<PostBox> {
  const posted: Posted[] = [];
  const answers: PostAnswer[] = [];
  let usual: PostAnswer = { status: 200, body: 'ok' };
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      posted.push({ path, headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = answers.shift() ?? usual;
      if (answer === 'hang') return;
      if (answer === 'cut') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  };
  const server =
    certificates === undefined
      ? createServer(listener)
      : createTlsServer(
          { cert: readFileSync(certificates.certificateFile), key: readFileSync(certificates.keyFile) },
          listener,
        );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificates === undefined ? 'http' : 'https'}://${name}:${port}${secretPath}`,
    posted,
    next: (...some) => void answers.push(...some),
    always: (answer) => {
      usual = answer;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
