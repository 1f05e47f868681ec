/** An answer that is Graph's error, in Graph's form. */
import { randomUUID } from 'node:crypto';

export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const errorBody = (code: string, message: string, requestId: string = randomUUID()): object => ({
  error: {
    code,
    message,
    innerError: { date: new Date().toISOString(), 'request-id': requestId, 'client-request-id': requestId },
  },
});

export const badQuery = (message: string): GraphRefusal => new GraphRefusal(400, 'BadRequest', message);

export const unsupported = (message: string): GraphRefusal =>
  new GraphRefusal(400, 'Request_UnsupportedQuery', message);

export const notFound = (id: string): GraphRefusal =>
  new GraphRefusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const denied = (): GraphRefusal =>
  new GraphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
