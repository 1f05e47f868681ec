/** What is no request that can be read: it comes to no route, and is answered on the bare connection. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiProblem, problemType } from './problem.ts';

/** @param error - of Node's own parser */
export function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  // Whoever has gone is told nothing.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(error);
  const body = JSON.stringify(problem.toBody());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `content-type: ${problemType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function problemOf({ code }: NodeJS.ErrnoException): ApiProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiProblem(
        'headers-too-large',
        'The address and the headers of the request are larger than Rollcall reads. Nothing was done.',
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiProblem('too-slow', 'The request did not come as a whole in time. Nothing was done.');
    default:
      return new ApiProblem(
        'not-understood',
        'This is no request of HTTP that can be read. Nothing was done.',
      );
  }
}
