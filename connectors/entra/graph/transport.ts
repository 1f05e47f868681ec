/**
 * Microsoft's client, wrapped thinly: it builds addresses and requests, and hands back the raw answer. Its own retries,
 * sign-in and reading of answers are left out, since they lose causes and headers (see the tests).
 */
import {
  Client,
  type Context,
  type Middleware,
  type MiddlewareOptions,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import { EntraError } from '../entra-error.ts';

export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version (`/users?...`), or a link as Graph gave it. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | undefined;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Sends one request; what the network did to it is thrown as it came. */
export type Transport = (call: GraphCall) => Promise<Response>;

export const graphVersion = 'v1.0';

export function createTransport(graph: string): Transport {
  const client = Client.initWithMiddleware({
    baseUrl: graph,
    defaultVersion: graphVersion,
    middleware: [new FetchMiddleware(graph)],
  });
  return async (call) => {
    const slot = new CallSlot(call);
    const request = client
      .api(call.address)
      .headers(call.headers)
      .responseType(ResponseType.RAW)
      .middlewareOptions([slot]);
    try {
      await sent(request, call);
    } catch (error) {
      // The client's own error has lost the cause.
      throw slot.failure ?? error;
    }
    if (slot.response === undefined) throw new Error('The Graph client gave no answer.');
    return slot.response;
  };
}

function sent(request: ReturnType<Client['api']>, { method, body }: GraphCall): Promise<unknown> {
  switch (method) {
    case 'GET':
      return request.get();
    case 'POST':
      return request.post(body);
    case 'PATCH':
      return request.patch(body);
    case 'DELETE':
      return request.delete();
    default:
      return method satisfies never;
  }
}

/** Carries a call past the client, which would take links apart and errors away. */
class CallSlot implements MiddlewareOptions {
  readonly call: GraphCall;
  response: Response | undefined;
  failure: unknown;

  constructor(call: GraphCall) {
    this.call = call;
  }
}

class FetchMiddleware implements Middleware {
  readonly #graph: string;

  constructor(graph: string) {
    this.#graph = graph;
  }

  async execute(context: Context): Promise<void> {
    const slot = context.middlewareControl?.getMiddlewareOptions(CallSlot);
    if (!(slot instanceof CallSlot)) throw new Error('The Graph client lost the call.');
    const { call } = slot;
    try {
      // A link is followed to the letter: the client would put its parameters in another order.
      const address = call.address.startsWith('/') ? String(context.request) : call.address;
      refuseOtherHosts(address, this.#graph);
      const headers = new Headers(context.options?.headers);
      headers.set('authorization', `Bearer ${call.token}`);
      slot.response = await fetch(address, {
        method: call.method,
        headers,
        body: context.options?.body ?? null,
        signal: call.signal,
        // A redirect could take the token to another host.
        redirect: 'manual',
      });
      context.response = slot.response;
    } catch (error) {
      slot.failure = error;
      throw error;
    }
  }
}

/** The token goes to the configured Graph host and to no other, whatever a link says. */
function refuseOtherHosts(address: string, graph: string): void {
  const { origin } = new URL(address);
  if (origin === new URL(graph).origin) return;
  throw new EntraError(
    'protocol',
    `Graph's answer leads to ${origin}, and the source's Graph is ${graph}`,
    'Nothing was sent there. Check cloud; if it is right, something on the way changes answers.',
  );
}
