/** What came from outside, and what it was answered. */
import type { ColumnType, Generated } from 'kysely';
import type { RunId } from '../operations/operation.ts';
import type { Json } from './column.ts';

/** What HR has delivered and was taken in: the same again is answered the same, and does nothing. */
export interface DeliveryTable {
  id: string;
  /** Of its content: another content under the same id is refused. */
  digest: string;
  received_at: Generated<Date>;
  answers: Json<readonly DeliveryAnswer[]>;
}

/** What came of one word in a delivery. */
export interface DeliveryAnswer {
  readonly outcome: string;
  readonly sentence: string;
  readonly run?: RunId | undefined;
}

/** Somebody who is signed in to the console. */
export interface SessionTable {
  /** SHA-256 of the session's id, in hexadecimal. */
  id_hash: string;
  content: Json<Readonly<Record<string, unknown>>>;
  expires_at: Date;
}

/** What was answered under an idempotency key. */
export interface ApiAnswerTable {
  actor: string;
  key: string;
  /** Of the request: the same key with another one is a mistake. */
  digest: string;
  /** By when the first request is taken for dead, where it has no answer by then. */
  leased_until: Date;
  /** Null while the first request with the key is at work. */
  answer: ColumnType<ApiAnswer | null, string | null | undefined, string | null>;
  kept_until: Date;
}

/** An answer of the HTTP API. */
export interface ApiAnswer {
  readonly status: number;
  readonly location?: string | undefined;
  readonly type: string;
  readonly body: unknown;
}
