/** What HR has delivered: kept with what was done of it, so that the same delivery does nothing twice. */
import { type Kysely, sql } from 'kysely';
import type { Database, DeliveryAnswer } from '../schema.ts';

/** One delivery, and what was answered to each of its words. */
export interface Delivery {
  readonly id: string;
  readonly digest: string;
  readonly answers: readonly DeliveryAnswer[];
}

/** Lets nobody else take the same delivery until the transaction ends. @returns it, where it was taken in before */
export async function deliveryBefore(db: Kysely<Database>, id: string): Promise<Delivery | undefined> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('rollcall_deliveries'), hashtext(${id}))`.execute(db);
  return await db
    .selectFrom('deliveries')
    .select(['id', 'digest', 'answers'])
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Keeps a delivery with its answers. @throws where one of that id is kept already */
export async function keepDelivery(db: Kysely<Database>, { id, digest, answers }: Delivery): Promise<void> {
  await db
    .insertInto('deliveries')
    .values({ id, digest, answers: JSON.stringify(answers) })
    .execute();
}

/** Forgets deliveries that nobody repeats any more. */
export async function forgetDeliveries(db: Kysely<Database>, before: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('deliveries')
    .where('received_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
