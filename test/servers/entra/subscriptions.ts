/** Change notifications: subscriptions that are validated, end, and are told of. */
import { randomUUID } from 'node:crypto';
import { GraphRefusal, notFound } from './graph-error.ts';
import type { Reply, Request } from './query.ts';

interface Subscription {
  readonly id: string;
  readonly resource: string;
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl?: string;
  readonly clientState?: string;
  expirationDateTime: string;
}

export type LifecycleEvent = 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed';

export interface Subscriptions {
  readonly all: ReadonlyMap<string, Subscription>;
  route(request: Request): Promise<Reply | undefined>;
  /** Tells all subscribers of a resource (`users`) that this object has changed; gives the statuses of their answers. */
  notify(resource: string, id: string, changeType?: string): Promise<readonly number[]>;
  tellLifecycle(event: LifecycleEvent): Promise<readonly number[]>;
  forgetAll(): void;
}

/** Users and groups: a subscription lives for 29 days at most. */
const longestMs = 41_760 * 60_000;

export function createSubscriptions(tenantId: string): Subscriptions {
  const all = new Map<string, Subscription>();
  const post = async (url: string, value: readonly object[]): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ value }) })).status;
  };
  const common = ({ id, clientState, expirationDateTime }: Subscription) => ({
    subscriptionId: id,
    subscriptionExpirationDateTime: expirationDateTime,
    clientState,
    tenantId,
  });

  return {
    all,
    async route(request) {
      const { method, path } = request;
      if (path === '/subscriptions' && method === 'GET')
        return {
          status: 200,
          body: { value: [...all.values()].map(({ clientState: _, ...shown }) => shown) },
        };
      if (path === '/subscriptions' && method === 'POST') return await create(all, request.body);
      const [, id] = /^\/subscriptions\/([^/]+)$/.exec(path) ?? [];
      if (id === undefined) return undefined;
      const subscription = all.get(id);
      if (subscription === undefined) throw notFound(id);
      if (method === 'DELETE') {
        all.delete(id);
        return { status: 204 };
      }
      if (method === 'PATCH')
        subscription.expirationDateTime = checkedEnd(Object(request.body).expirationDateTime);
      return { status: 200, body: subscription };
    },
    async notify(resource, id, changeType = 'updated') {
      const told = [...all.values()].filter((one) => one.resource === resource);
      const answers = told.map((one) =>
        post(one.notificationUrl, [
          {
            ...common(one),
            changeType,
            resource: `${resource}/${id}`,
            resourceData: { '@odata.type': '#Microsoft.Graph.User', '@odata.id': `${resource}/${id}`, id },
          },
        ]),
      );
      return await Promise.all(answers);
    },
    async tellLifecycle(lifecycleEvent) {
      const told = [...all.values()].flatMap((one) =>
        one.lifecycleNotificationUrl === undefined ? [] : [{ one, url: one.lifecycleNotificationUrl }],
      );
      if (lifecycleEvent === 'subscriptionRemoved') all.clear();
      return await Promise.all(told.map(({ one, url }) => post(url, [{ ...common(one), lifecycleEvent }])));
    },
    forgetAll: () => all.clear(),
  };
}

async function create(all: Map<string, Subscription>, body: unknown): Promise<Reply> {
  const { resource, changeType, notificationUrl, lifecycleNotificationUrl, clientState, expirationDateTime } =
    Object(body);
  const refuse = (message: string) => new GraphRefusal(400, 'ValidationError', message);
  if (typeof notificationUrl !== 'string' || typeof resource !== 'string')
    throw refuse('A property is missing.');
  const end = checkedEnd(expirationDateTime);
  for (const url of [notificationUrl, lifecycleNotificationUrl].filter((one) => one !== undefined)) {
    const problem = await validationProblem(url);
    if (problem !== undefined) throw refuse(`Subscription validation request failed. ${problem}`);
  }
  const subscription: Subscription = {
    id: randomUUID(),
    resource,
    changeType,
    notificationUrl,
    ...(lifecycleNotificationUrl === undefined ? {} : { lifecycleNotificationUrl }),
    ...(clientState === undefined ? {} : { clientState }),
    expirationDateTime: end,
  };
  all.set(subscription.id, subscription);
  return { status: 201, body: subscription };
}

function checkedEnd(text: unknown): string {
  const end = Date.parse(String(text));
  if (Number.isNaN(end) || end < Date.now() || end > Date.now() + longestMs)
    throw new GraphRefusal(
      400,
      'ExtensionError',
      'Subscription expiration can only be 41760 minutes in the future.',
    );
  return new Date(end).toISOString();
}

/** The subscriber must give the token back, decoded, as plain text and within ten seconds. */
async function validationProblem(url: string): Promise<string | undefined> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  try {
    const answer = await fetch(
      `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`,
      {
        method: 'POST',
        signal: AbortSignal.timeout(10_000),
      },
    );
    const isPlain = answer.headers.get('content-type')?.startsWith('text/plain') ?? false;
    const isSame = (await answer.text()) === token;
    return answer.status === 200 && isPlain && isSame
      ? undefined
      : `Must respond with 200 OK to this request.`;
  } catch {
    return 'The request timed out.';
  }
}
