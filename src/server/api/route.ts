/** How something is added to the API: who may ask, what has to be sent, what is answered, and how the document tells of it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Acting } from '../../acts/index.ts';
import type { Engine } from '../../engine/index.ts';
import { problem } from '../../json/schemas/problem.ts';
import type { Told } from '../../json/told.ts';
import type { ApiAnswer } from '../../store/schema.ts';
import type { Role, Visitor } from '../access/roles.ts';
import type { EventStreams } from '../streams/event-stream.ts';
import { visitorOf } from './authenticate.ts';
import type { Cursors } from './cursor.ts';
import { once } from './idempotency.ts';
import { headersOfProblems, type ProblemKind, problemKinds, problemType, problemUri } from './problem.ts';

/** What a route is given. */
export interface Call<Params, Query, Body> {
  readonly engine: Engine;
  readonly visitor: Visitor;
  readonly acting: Acting;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Aborted when whoever asked has gone; never where something is being done. */
  readonly signal: AbortSignal;
}

interface Described<Params, Query, Body> {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  readonly path: string;
  /** Stable: clients are made from it. */
  readonly id: string;
  readonly role: Role;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** What can go wrong besides what can go wrong everywhere. */
  readonly problems?: readonly ProblemKind[];
}

export interface JsonRoute<Params, Query, Body, Answer extends z.ZodType>
  extends Described<Params, Query, Body> {
  readonly answer: Answer;
  /** 200 where it isn't given. */
  readonly status?: 200 | 201 | 202;
  readonly handle: (call: Call<Params, Query, Body>) => Promise<Told<z.output<Answer>>>;
  /** Where what was made is found, below `/api/v1`. */
  readonly location?: (told: Told<z.output<Answer>>) => string;
}

export interface StreamRoute<Params, Query> extends Described<Params, Query, unknown> {
  readonly types: readonly string[];
  readonly handle: (call: Call<Params, Query, unknown>, reply: FastifyReply) => Promise<FastifyReply>;
}

export interface Api {
  readonly engine: Engine;
  readonly cursors: Cursors;
  readonly streams: EventStreams;
  json<Params, Query, Body, Answer extends z.ZodType>(route: JsonRoute<Params, Query, Body, Answer>): void;
  stream<Params, Query>(route: StreamRoute<Params, Query>): void;
}

const version = '/v1';
const jsonType = 'application/json';

export const keyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'Write 1 to 255 letters of ASCII, without blanks.')
    .optional()
    .meta({
      description:
        'Of this request alone, such as a UUID. Sent again with the same key within 24 hours, it gets the first answer, and nothing is done twice',
      examples: ['0b0f3a4e-5d0c-4a0b-9a53-3f5d7a9c2f11'],
    }),
});

export function apiOn(
  app: FastifyInstance,
  { engine, cursors, streams }: Pick<Api, 'engine' | 'cursors' | 'streams'>,
  letIn: (needed: Role) => (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): Api {
  return {
    engine,
    cursors,
    streams,
    json(route) {
      const { status = 200, location, handle, answer } = route;
      app.route({
        method: route.method,
        url: `${version}${route.path}`,
        schema: schemaOf(route, status, { [jsonType]: { schema: answer } }, location !== undefined),
        onRequest: letIn(route.role),
        handler: async (request, reply) => {
          const call = callOf<never, never, never>(engine, request, reply);
          const work = async (): Promise<ApiAnswer> => {
            const body = await handle(call);
            const place = location?.(body);
            return { status, type: jsonType, body, ...(place === undefined ? {} : { location: place }) };
          };
          const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
          if (typeof key !== 'string') return await send(reply, await work());
          const { url: path, method, body } = request;
          const keyed = { actor: call.visitor.actor, key, method, path, body };
          const { answer: kept, isRepeated } = await once(engine.store.db, keyed, work);
          if (isRepeated) void reply.header('idempotency-replayed', 'true');
          return await send(reply, kept);
        },
      });
    },
    stream(route) {
      const content = Object.fromEntries(route.types.map((type) => [type, { schema: z.string() }]));
      app.route({
        method: route.method,
        url: `${version}${route.path}`,
        schema: schemaOf(route, 200, content, false),
        // A stream that is asked for its head alone would never end.
        exposeHeadRoute: false,
        onRequest: letIn(route.role),
        handler: async (request, reply) =>
          await route.handle(callOf<never, never, unknown>(engine, request, reply), reply),
      });
    },
  };
}

const send = (reply: FastifyReply, { status, type, body, location }: ApiAnswer): FastifyReply => {
  if (location !== undefined) void reply.header('location', `/api${version}${location}`);
  return reply.code(status).type(type).send(body);
};

/** What was sent is validated by then, and is what the route's schemas say. */
function callOf<Params, Query, Body>(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
): Call<Params, Query, Body> {
  const visitor = visitorOf(request);
  const gone = new AbortController();
  if (request.method === 'GET')
    reply.raw.once(
      'close',
      () => reply.raw.writableEnded || gone.abort(new Error('Whoever asked has gone.')),
    );
  return {
    engine,
    visitor,
    acting: { engine, actor: visitor.actor },
    params: request.params as Params,
    query: request.query as Query,
    body: request.body as Body,
    signal: gone.signal,
  };
}

/** Of everything that is done by a POST, and of everything that is let in. */
const doing = [
  'too-large',
  'not-json',
  'not-now',
  'no-plan',
  'key-at-work',
  'key-interrupted',
  'key-reused',
] as const;
const everywhere = ['no-token', 'too-many-tries', 'internal', 'store-away'] as const;

function schemaOf(
  route: Described<unknown, unknown, unknown>,
  status: number,
  content: Readonly<Record<string, { readonly schema: z.ZodType }>>,
  isLocated: boolean,
) {
  const { method, id, role, tag, summary, description = '', params, query, body } = route;
  const takes = params !== undefined || query !== undefined || body !== undefined;
  const problems = new Set<ProblemKind>([
    ...everywhere,
    ...(role === 'viewer' ? [] : (['not-allowed'] as const)),
    ...(takes ? (['not-understood'] as const) : []),
    ...(params === undefined ? [] : (['not-found'] as const)),
    ...(method === 'POST' ? doing : []),
    ...(route.problems ?? []),
  ]);
  const headers = documentedHeaders({
    ...(isLocated ? { Location: 'Where what was made is found' } : {}),
    ...(method === 'POST'
      ? { 'Idempotency-Replayed': '`true` where this is the answer to an earlier request with the same key' }
      : {}),
  });
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description} Needs the role \`${role}\`.`.trim(),
    'x-role': role,
    security: [{ token: [] }],
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    ...(method === 'POST' ? { headers: keyHeaders } : {}),
    response: { [status]: { description: summary, ...headers, content }, ...problemResponses([...problems]) },
  };
}

/** All of them are text. */
const documentedHeaders = (told: Readonly<Record<string, string>>) =>
  Object.keys(told).length === 0
    ? {}
    : {
        headers: Object.fromEntries(
          Object.entries(told).map(([name, description]) => [name, { type: 'string', description }]),
        ),
      };

function problemResponses(kinds: readonly ProblemKind[]) {
  const statuses = [...new Set(kinds.map((kind) => problemKinds[kind].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const these = kinds.filter((kind) => problemKinds[kind].status === status);
      const told = these.map((kind) => `${problemKinds[kind].title} (\`${problemUri(kind)}\`)`);
      return [
        status,
        {
          description: `${told.join('; ')}.`,
          ...documentedHeaders(headersOfProblems(these)),
          content: { [problemType]: { schema: problem } },
        },
      ];
    }),
  );
}
