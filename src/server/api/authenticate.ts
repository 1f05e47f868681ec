/** Who calls: by bearer token, and no more. Cookies count for nothing here, so no other site can call for somebody. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { allows, type Role, type Visitor } from '../access/roles.ts';
import type { TokenBook } from '../access/tokens.ts';
import { ApiProblem } from './problem.ts';

/** From one address; more are somebody who guesses, or a program that was forgotten. */
const wrongTokensPerMinute = 10;

const visitors = new WeakMap<FastifyRequest, Visitor>();

/** Makes what lets callers in. @param api - has @fastify/rate-limit */
export function doorkeeper(api: FastifyInstance, tokens: TokenBook, log: Logger) {
  // Who has a right token is let in all the same: behind one proxy nobody is to lock out the others, and a token of 24
  // letters is not guessed by trying.
  const countWrong = api.createRateLimit({ max: wrongTokensPerMinute, timeWindow: '1 minute' });

  return (needed: Role) =>
    async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
      const presented = tokenIn(request.headers.authorization);
      const visitor = presented === undefined ? undefined : tokens.visitorWith(presented);
      if (visitor === undefined) {
        if (presented === undefined)
          throw unauthorized(
            'Present a token: `Authorization: Bearer TOKEN`. The configuration has them under server.tokens.',
          );
        log.warn({ event: 'api.token-refused', address: request.ip }, 'A token that is none was presented.');
        const count = await countWrong(request);
        if (!count.isAllowed && count.isExceeded)
          throw new ApiProblem(
            'too-many-tries',
            'Too many wrong tokens came from this address. Check the token, and try again in a minute.',
            { headers: { 'retry-after': String(count.ttlInSeconds) } },
          );
        throw unauthorized(
          'This is no token that is configured. Check that it was copied whole.',
          'invalid_token',
        );
      }
      if (!allows(visitor.role, needed))
        throw new ApiProblem(
          'not-allowed',
          `This needs the role ${needed}, and ${visitor.name} is ${visitor.role}. Nothing was done.`,
        );
      visitors.set(request, visitor);
    };
}

/** Who was let in with a request. */
export function visitorOf(request: FastifyRequest): Visitor {
  const visitor = visitors.get(request);
  if (visitor === undefined) throw new Error('A request was answered before anybody was let in.');
  return visitor;
}

const tokenIn = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];

const unauthorized = (sentence: string, error?: string): ApiProblem =>
  new ApiProblem('no-token', sentence, {
    headers: {
      'www-authenticate': `Bearer realm="rollcall"${error === undefined ? '' : `, error="${error}"`}`,
    },
  });
