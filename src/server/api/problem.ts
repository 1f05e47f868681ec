/** What went wrong, for programs and for people: application/problem+json (RFC 9457). */
import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { SourceError } from '../../../connectors/source-error.ts';
import type { Refusal } from '../../acts/index.ts';
import { PlanError } from '../../plan/index.ts';
import { ProfileApiError } from '../../profile-api/index.ts';
import { QueueError } from '../../queue/index.ts';
import { isLostConnection, StoreError } from '../../store/index.ts';
import { TooManyStreams } from '../streams/event-stream.ts';

export const problemType = 'application/problem+json';

/** Where in a request something is wrong. */
export interface Fault {
  /** As a JSON pointer into what was sent (RFC 6901), such as `/body/reason`. */
  readonly pointer: string;
  readonly detail: string;
}

interface Kind {
  readonly status: number;
  readonly title: string;
  /** What comes in the headers with it, and what that tells. */
  readonly headers?: Readonly<Record<string, string>>;
}

const inAMoment = { 'Retry-After': 'In how many seconds it is worth trying again' } as const;

/** Each kind's name ends the URI that is its `type`. */
export const problemKinds = {
  'not-understood': { status: 400, title: 'The request is not understood' },
  'no-token': {
    status: 401,
    title: 'No valid token',
    headers: { 'WWW-Authenticate': 'That a bearer token is asked for, and what was wrong with one' },
  },
  'not-allowed': { status: 403, title: 'The role does not allow it' },
  'not-found': { status: 404, title: 'There is no such thing' },
  ambiguous: { status: 409, title: 'Several are called so' },
  'not-now': { status: 409, title: 'As things are, it can not be done' },
  'no-plan': { status: 409, title: 'No such plan can be made' },
  'too-slow': { status: 408, title: 'The request did not come in time' },
  'key-at-work': { status: 409, title: 'The first request with this key is at work', headers: inAMoment },
  'key-interrupted': { status: 409, title: 'What became of the first request with this key is not known' },
  'too-large': { status: 413, title: 'The request is too large' },
  'not-json': { status: 415, title: 'The request is not JSON' },
  'key-reused': { status: 422, title: 'This key came with another request before' },
  'too-many-tries': { status: 429, title: 'Too many wrong tokens', headers: inAMoment },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong in Rollcall' },
  'no-answer': { status: 502, title: 'A source or the profile API does not answer' },
  'store-away': { status: 503, title: 'The store or the queue can not be reached', headers: inAMoment },
  'too-many-streams': { status: 503, title: 'Too many streams are open', headers: inAMoment },
} as const satisfies Readonly<Record<string, Kind>>;

export type ProblemKind = keyof typeof problemKinds;

/** The headers of any of these, as the document tells of them. */
export const headersOfProblems = (kinds: readonly ProblemKind[]): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...kinds.map((kind): Kind['headers'] => (problemKinds[kind] satisfies Kind as Kind).headers),
  );

export const problemUri = (kind: ProblemKind): string => `urn:rollcall:problem:${kind}`;

/** A request that is answered by a problem. Its sentence is told. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly kind: ProblemKind;
  readonly faults: readonly Fault[];
  /** What helps at the command line. */
  readonly hint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    sentence: string,
    more: {
      readonly faults?: readonly Fault[];
      readonly hint?: string | undefined;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(sentence);
    this.kind = kind;
    this.faults = more.faults ?? [];
    this.hint = more.hint;
    this.headers = more.headers ?? {};
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }

  /** @param path - what was asked for; undefined where that could not be read */
  toBody(path?: string) {
    const { status, title } = problemKinds[this.kind];
    return {
      type: problemUri(this.kind),
      title,
      status,
      detail: this.message,
      ...(path === undefined ? {} : { instance: path }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.faults.length === 0 ? {} : { faults: this.faults }),
    };
  }
}

/** What came of an act that may be refused. @throws {ApiProblem} where it was */
export function unlessRefused<Outcome>(outcome: Outcome | Refusal): Outcome {
  if (isRefusal(outcome)) throw new ApiProblem(kindOf[outcome.why], outcome.sentence, { hint: outcome.hint });
  return outcome;
}

const isRefusal = (outcome: unknown): outcome is Refusal =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === 'refused';

const kindOf: Readonly<Record<Refusal['why'], ProblemKind>> = {
  unknown: 'not-found',
  ambiguous: 'ambiguous',
  unspecified: 'not-understood',
  'not-now': 'not-now',
};

/** Any error as a problem. What is in one that nobody foresaw is for the log alone. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return faultyRequest(error);
  if (error instanceof SourceError || error instanceof ProfileApiError)
    return new ApiProblem('no-answer', error.message);
  if (error instanceof TooManyStreams)
    return new ApiProblem('too-many-streams', error.message, { headers: { 'retry-after': '30' } });
  if (error instanceof PlanError) return new ApiProblem('no-plan', error.message);
  if (error instanceof StoreError || error instanceof QueueError || isLostConnection(error))
    return new ApiProblem(
      'store-away',
      'The store or the queue can not be reached just now. What was stored stands: try again in a moment.',
      { headers: { 'retry-after': '5' } },
    );
  return ofFramework(error) ?? unforeseen();
}

const unforeseen = (): ApiProblem =>
  new ApiProblem('internal', 'It could not be done just now. The log of Rollcall says why. Try it again.');

type ZodFaults = Parameters<typeof hasZodFastifySchemaValidationErrors>[0] & {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string | undefined }[];
  readonly validationContext?: string | undefined;
};

function faultyRequest(error: ZodFaults): ApiProblem {
  const where = { querystring: 'query', params: 'path' }[error.validationContext ?? ''];
  const faults = error.validation.map(({ instancePath, message }) => ({
    pointer: `/${where ?? error.validationContext ?? 'body'}${instancePath === '/' ? '' : instancePath}`,
    detail: message ?? 'It is not as it has to be.',
  }));
  const told = faults.map(({ pointer, detail }) => `${pointer}: ${detail.replace(/[.]$/, '')}`);
  return new ApiProblem('not-understood', `Something in the request is wrong. ${told.join('; ')}.`, {
    faults,
  });
}

/** What Fastify itself refuses, by its status. */
function ofFramework(error: unknown): ApiProblem | undefined {
  const { statusCode }: Partial<FastifyError> = Object(error);
  switch (statusCode) {
    case 413:
      return new ApiProblem('too-large', 'More was sent than Rollcall reads. Nothing was done.');
    case 415:
      return new ApiProblem('not-json', 'Send the body as application/json. Nothing was done.');
    case 404:
      return new ApiProblem('not-found', 'There is nothing here. /api/openapi.json lists what there is.');
    case undefined:
      return undefined;
    default:
      return statusCode >= 400 && statusCode < 500
        ? new ApiProblem(
            'not-understood',
            `The request can not be read: ${error instanceof Error ? error.message : 'it is malformed'}.`,
          )
        : undefined;
  }
}
