/** What is remembered of a subscription: enough to renew it and to know its notices, and no secret. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const schema = z.strictObject({
  version: z.literal(1),
  id: z.string().min(1),
  /** Where its notices go. */
  address: z.string(),
  /** SHA-256 of its client state, which is random and known to Graph alone. */
  mark: z.base64url(),
});

export type Subscription = z.output<typeof schema>;

export const writeKept = (subscription: Subscription): string => JSON.stringify(subscription);

/** Undefined for what this version did not write. */
export function readKept(text: string | undefined): Subscription | undefined {
  try {
    return schema.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

/** A client state for a new subscription. Graph takes 128 characters. */
export const newClientState = (): string => randomBytes(32).toString('base64url');

export const markOf = (clientState: string): string =>
  createHash('sha256').update(clientState).digest('base64url');

/** Compared in constant time: how long it takes tells nobody how much of a guess was right. */
export function isOf({ mark }: Subscription, clientState: string): boolean {
  const [one, other] = [Buffer.from(mark), Buffer.from(markOf(clientState))];
  return one.length === other.length && timingSafeEqual(one, other);
}
