/** The subscription to changes of users: made, renewed in time, made anew where Graph does not know it any more. */
import { z } from 'zod';
import type { Arrangement, Watch } from '../../watch.ts';
import { EntraError } from '../entra-error.ts';
import { GraphFailure } from '../graph/failures.ts';
import type { Graph } from '../graph/graph.ts';
import { hear } from './hear.ts';
import { markOf, newClientState, readKept, type Subscription, writeKept } from './kept.ts';

const dayMs = 86_400_000;
/** Graph allows 29 days. One that nobody renews any more ends by itself soon. */
const lifeMs = 3 * dayMs;
const renewAfterMs = dayMs;

const permission = 'User.Read.All';

/** @param address the public one that leads to the source's hook */
export function watchUsers(
  graph: Graph,
  address: string,
  during: (signal: AbortSignal) => AbortSignal,
): Watch {
  return {
    hear,
    async arrange(kept, now, signal) {
      const within = during(signal);
      const known = readKept(kept);
      const isUsable = known !== undefined && known.address === address;
      const isRenewed = isUsable && (await renew(graph, known, now, within));
      if (isRenewed) return arranged(known, now, undefined);
      await removeOthers(graph, address, within);
      const made = await create(graph, address, now, within);
      const missed =
        known === undefined
          ? undefined
          : 'The subscription to changes was lost or is sent elsewhere now. A new one was made; what happened meanwhile is read.';
      return arranged(made, now, missed);
    },
  };
}

const arranged = (subscription: Subscription, now: Date, missed: string | undefined): Arrangement => ({
  kept: writeKept(subscription),
  again: new Date(now.getTime() + renewAfterMs),
  missed,
});

const endAfter = (now: Date): string => new Date(now.getTime() + lifeMs).toISOString();

/** False where Graph does not know it. It authorises the subscription again, too. */
async function renew(
  graph: Graph,
  subscription: Subscription,
  now: Date,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await graph.ask({
      what: 'Renewing the subscription to changes of users',
      permission,
      method: 'PATCH',
      address: `/subscriptions/${subscription.id}`,
      body: { expirationDateTime: endAfter(now) },
      signal,
    });
    return true;
  } catch (error) {
    if (error instanceof GraphFailure && [404, 410].includes(error.error.status)) return false;
    throw error;
  }
}

const madeSchema = z.looseObject({ id: z.string().min(1) });

async function create(graph: Graph, address: string, now: Date, signal: AbortSignal): Promise<Subscription> {
  const what = 'Subscribing to changes of users';
  const clientState = newClientState();
  try {
    const answer = await graph.ask({
      what,
      permission,
      method: 'POST',
      address: '/subscriptions',
      body: {
        // Graph tells of new users as updated, too.
        changeType: 'updated,deleted',
        resource: 'users',
        notificationUrl: address,
        lifecycleNotificationUrl: address,
        expirationDateTime: endAfter(now),
        clientState,
      },
      signal,
    });
    const made = madeSchema.safeParse(answer);
    if (!made.success)
      throw new EntraError(
        'protocol',
        `${what} failed: Graph's answer has no id of the subscription`,
        'It is tried again.',
      );
    return { version: 1, id: made.data.id, address, mark: markOf(clientState) };
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.error.status !== 400) throw error;
    throw new EntraError(
      'base',
      error.problem,
      `Graph must reach ${address} from the Internet over HTTPS, with a certificate that it trusts, and the way must lead to the source's hook. It is tried again.`,
      { cause: error },
    );
  }
}

const listSchema = z.looseObject({
  value: z.array(z.looseObject({ id: z.string(), notificationUrl: z.string().optional() })),
});

/** Subscriptions of before, whose client state nobody knows any more, would go on knocking for nothing. */
async function removeOthers(graph: Graph, address: string, signal: AbortSignal): Promise<void> {
  const what = 'Looking for earlier subscriptions';
  const list = listSchema.safeParse(await graph.ask({ what, permission, address: '/subscriptions', signal }));
  const others = (list.data?.value ?? []).filter(({ notificationUrl }) => notificationUrl === address);
  for (const { id } of others) {
    try {
      await graph.tell({ what, permission, method: 'DELETE', address: `/subscriptions/${id}`, signal });
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof GraphFailure && error.error.status === 404)) throw error;
    }
  }
}
