/** `Idempotency-Key`: whoever did not hear the answer asks again with the same key, and nothing is done twice. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { canonical } from '../../audit/index.ts';
import type { ApiAnswer, Database } from '../../store/schema.ts';
import {
  claimKey,
  giveKeyBack,
  type KeyedRequest,
  keepAnswer,
  renewKey,
} from '../../store/service/api-answers.ts';
import { ApiProblem, problemOf, problemType } from './problem.ts';

const keepMs = 24 * 3_600_000;
const leaseMs = 60_000;
const renewEveryMs = 20_000;
/** Two that come at the same moment: the second waits so long for the first one's answer. */
const patienceMs = 10_000;
const lookEveryMs = 100;

export interface Keyed {
  readonly actor: string;
  readonly key: string;
  /** All that makes a request this one. */
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Answers by what was answered before under this key, or by what the work comes to, which is then kept. */
export async function once(
  db: Kysely<Database>,
  { actor, key, method, path, body }: Keyed,
  work: () => Promise<ApiAnswer>,
): Promise<{ readonly answer: ApiAnswer; readonly isRepeated: boolean }> {
  const digest = createHash('sha256')
    .update(canonical([method, path, body ?? null]))
    .digest('base64url');
  const request = { actor, key, digest };
  const before = await answerBefore(db, request);
  if (before !== undefined) return { answer: before, isRepeated: true };
  const renewal = setInterval(() => {
    // A lease that could not be renewed is renewed the next time.
    renewKey(db, request, leaseMs).catch(() => undefined);
  }, renewEveryMs);
  try {
    const answer = await work().catch((error: unknown) => refusalOf(error, path));
    await keepAnswer(db, request, answer);
    return { answer, isRepeated: false };
  } catch (error) {
    // Nothing was done, or it can't be told what: only in the first case the same key may try again.
    if (error instanceof NothingDone) await giveKeyBack(db, request);
    throw error instanceof NothingDone ? error.cause : error;
  } finally {
    clearInterval(renewal);
  }
}

/** The work threw: what it does, it does in one transaction, which was taken back. */
class NothingDone extends Error {}

/** @returns undefined where it has not been asked for before: then the key is taken */
async function answerBefore(db: Kysely<Database>, request: KeyedRequest): Promise<ApiAnswer | undefined> {
  for (const until = Date.now() + patienceMs; ; ) {
    const claim = await claimKey(db, request, { leaseMs, keepMs });
    switch (claim.kind) {
      case 'ours':
        return undefined;
      case 'answered':
        return claim.answer;
      case 'contradiction':
        throw new ApiProblem(
          'key-reused',
          `The key ${request.key} came with another request within the last 24 hours. Nothing was done: a new request needs a new key.`,
        );
      case 'interrupted':
        throw new ApiProblem(
          'key-interrupted',
          `The process that had the first request with the key ${request.key} ended in the middle of it. Look at the runs and the audit log for what it did, then send it with a new key.`,
        );
      case 'at-work':
        if (Date.now() < until) break;
        throw new ApiProblem(
          'key-at-work',
          `The first request with the key ${request.key} is still at work. Ask again with the same key.`,
          { headers: { 'retry-after': '5' } },
        );
      default:
        return claim satisfies never;
    }
    await sleep(lookEveryMs);
  }
}

/** A refusal is an answer, too. @throws {NothingDone} where the same request may succeed in a moment */
function refusalOf(error: unknown, path: string): ApiAnswer {
  const problem = problemOf(error);
  if (problem.status >= 500) throw new NothingDone('Nothing was done.', { cause: error });
  return { status: problem.status, type: problemType, body: problem.toBody(path) };
}
