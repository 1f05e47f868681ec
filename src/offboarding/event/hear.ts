/** One delivery of HR's webhook, from its arrival to its answer. */
import { createHash } from 'node:crypto';
import type { DeliveryAnswer } from '../../store/schema.ts';
import type { Desk } from '../desk.ts';
import type { AnswerKind } from '../word.ts';
import { readPayload } from './payload.ts';
import { type Headers, verifySignature } from './signature.ts';

/** The answer to a delivery, as it goes back over HTTP. */
export interface EventAnswer {
  readonly status: number;
  /** For the log, where nobody's name belongs: the body's sentence may have it. */
  readonly note: string;
  readonly body:
    | (DeliveryAnswer & { readonly repeated?: true })
    | { readonly outcome: 'refused' | 'malformed' | 'contradiction'; readonly sentence: string };
}

const statuses: Readonly<Record<AnswerKind, number>> = {
  deactivating: 200,
  'inactive-already': 200,
  waits: 200,
  scheduled: 200,
  held: 200,
  noted: 200,
  'left-already': 200,
  'taken-back': 200,
  'nothing-to-take-back': 200,
  unknown: 404,
  several: 409,
  refused: 422,
  'bad-date': 400,
};

/**
 * Takes an event once. The same delivery again is a success that does nothing, as Standard Webhooks' senders expect who did
 * not hear the first answer. One that could not be taken may come again, and may be taken then.
 */
export async function hearEvent(
  desk: Desk,
  secrets: readonly string[],
  headers: Headers,
  body: string,
  arrivedAt: Date,
): Promise<EventAnswer> {
  const signature = verifySignature(body, headers, secrets);
  if (signature.kind === 'bad') return notTaken(401, 'refused', `Not believed. ${signature.sentence}`);
  const { id } = signature;
  const read = readPayload(body, id);
  if (read.kind === 'malformed') return notTaken(400, 'malformed', read.sentence);
  const delivered = await desk.deliver(
    { id: `event:${id}`, digest: createHash('sha256').update(body).digest('hex'), words: [read.word] },
    { cause: 'hr-event', actor: 'hr', arrivedAt },
    (answers) => answers.every(({ outcome }) => statuses[outcome] === 200),
  );
  if (delivered.kind === 'contradiction')
    return notTaken(
      409,
      'contradiction',
      `Another event was taken under the webhook-id ${id}. Give each event an id of its own; nothing was done.`,
    );
  if (delivered.kind === 'repeated')
    return {
      status: 200,
      note: 'An event of HR came again, and nothing was done.',
      body: { ...only(delivered.answers), repeated: true },
    };
  const answer = only(delivered.answers);
  return { status: statuses[answer.outcome], note: 'An event of HR was answered.', body: answer };
}

const notTaken = (
  status: number,
  outcome: 'refused' | 'malformed' | 'contradiction',
  sentence: string,
): EventAnswer => ({ status, note: sentence, body: { outcome, sentence } });

function only<Each>([answer]: readonly Each[]): Each {
  if (answer === undefined) throw new Error('An event was not answered.');
  return answer;
}
