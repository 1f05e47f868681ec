/** Lets requests meet the faults that are set for them, before the effect or after it. */
import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../api/operations.ts';
import type { SandboxState } from '../state.ts';
import type { AnswerFault } from './fault.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
  interface FastifyRequest {
    /** Attributes that this request may give and that are silently not kept. */
    forgotten: ReadonlySet<string>;
    /** How many rows a page of the list lacks. */
    lostRows: number;
    /** Of an uploaded file, how many rows are loaded at most. */
    rowsTaken: number;
    /** What replaces the answer once the effect has happened. */
    faultAfter: AnswerFault | null;
  }
}

const nothing: ReadonlySet<string> = new Set();
const loginPage =
  '<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>';
const brokenJson = '{"count": 1, "results": [{"profile_id": "up0';

export function meetFaults(api: FastifyInstance, state: SandboxState): void {
  // Fastify wants no object shared between requests: the hook gives each its own value.
  api.decorateRequest('forgotten');
  api.decorateRequest('lostRows', 0);
  api.decorateRequest('rowsTaken', Number.POSITIVE_INFINITY);
  api.decorateRequest('faultAfter', null);

  api.addHook('preHandler', async (request, reply) => {
    const { operation } = request.routeOptions.config;
    if (operation === undefined) return;
    let forgotten = nothing;
    let delayMs = state.latencyMs;
    let before: AnswerFault | undefined;
    for (const effect of state.faults.strike(operation, subjectsOf(request, state))) {
      if (effect.kind === 'delay') delayMs += effect.ms;
      else if (effect.kind === 'forget') forgotten = new Set([...forgotten, ...effect.attributes]);
      else if (effect.kind === 'lose-rows') request.lostRows += effect.rows;
      else if (effect.kind === 'partial') request.rowsTaken = effect.rows;
      else if (effect.when === 'before') before ??= effect;
      else request.faultAfter ??= effect;
    }
    request.forgotten = forgotten;
    // Unreferenced: a sandbox that is closed does not wait for a delay to pass.
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    if (before === undefined) return;
    request.raw.resume();
    if (before.kind === 'drop') return hangUp(request, reply);
    return reply.send(replaceAnswer(before, reply, state.rules.now()));
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const fault = request.faultAfter;
    if (fault === null) return payload;
    if (fault.kind === 'drop') return hangUp(request, reply);
    reply.removeHeader('content-length');
    return replaceAnswer(fault, reply, state.rules.now());
  });
}

function hangUp(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}

/** Sets status and headers as the fault wants them, and gives the text to send. */
function replaceAnswer(
  fault: Exclude<AnswerFault, { kind: 'drop' }>,
  reply: FastifyReply,
  now: Date,
): string {
  switch (fault.kind) {
    case 'wrong-json':
      reply.code(200).header('content-type', 'application/json; charset=utf-8');
      return brokenJson;
    case 'html':
      reply.code(200).header('content-type', 'text/html; charset=utf-8');
      return loginPage;
    case 'status': {
      reply.code(fault.status);
      const { retryAfterSeconds: seconds } = fault;
      if (seconds !== undefined) {
        const date = new Date(now.getTime() + seconds * 1000).toUTCString();
        reply.header('retry-after', fault.retryAfterForm === 'date' ? date : String(seconds));
      }
      const isText = typeof fault.body === 'string';
      reply.header('content-type', isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8');
      const body = fault.body ?? { error: STATUS_CODES[fault.status] ?? 'Error' };
      return isText ? String(body) : JSON.stringify(body);
    }
    default:
      return fault satisfies never;
  }
}

/** Whom a request is about, in lower case: the addresses, the login and the profile id that it names. */
function subjectsOf(request: FastifyRequest, state: SandboxState): ReadonlySet<string> {
  const named = [request.params, request.body]
    .filter((part) => typeof part === 'object' && part !== null)
    .flatMap((part) => Object.entries(part))
    .filter(([name]) => ['id', 'profile_id', 'email', 'emails', 'username'].includes(name))
    .flatMap(([, value]) => value)
    .filter((value) => typeof value === 'string');
  const emails = named.map((id) => state.org.find(id)?.current.profile.email);
  return new Set([...named, ...emails].filter((it) => typeof it === 'string').map((it) => it.toLowerCase()));
}
