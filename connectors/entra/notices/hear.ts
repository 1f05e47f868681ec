/** What came in at the hook: Graph's notices, its greeting, or something that is neither. */
import { z } from 'zod';
import type { Heard, HookCall } from '../../watch.ts';
import { isOf, readKept } from './kept.ts';

const noticeSchema = z.looseObject({
  subscriptionId: z.string(),
  clientState: z.string(),
  lifecycleEvent: z.string().optional(),
});

const bodySchema = z.looseObject({ value: z.array(z.unknown()).min(1) });

/** Graph's own tokens have some two hundred characters. */
const longestGreeting = 4_096;

export function hear({ query, body }: HookCall, kept: string | undefined): Heard {
  const greeting = query.validationToken;
  if (greeting !== undefined)
    return greeting.length <= longestGreeting
      ? { kind: 'greeting', text: greeting }
      : { kind: 'refused', status: 400, reason: 'The validation token is too long to be one of Graph.' };
  const list = bodySchema.safeParse(jsonOf(body));
  if (!list.success)
    return { kind: 'refused', status: 400, reason: 'The body is no list of change notifications.' };

  const subscription = readKept(kept);
  const notices = list.data.value.flatMap((one) => {
    const { data } = noticeSchema.safeParse(one);
    const isOurs =
      data !== undefined &&
      subscription !== undefined &&
      data.subscriptionId === subscription.id &&
      isOf(subscription, data.clientState);
    return isOurs ? [data] : [];
  });
  if (notices.length === 0)
    return {
      kind: 'refused',
      status: 403,
      reason: 'The notices are of no subscription of this source, or do not know its client state.',
    };
  return newsOf(notices.map(({ lifecycleEvent }) => lifecycleEvent));
}

function newsOf(events: readonly (string | undefined)[]): Heard {
  const has = (event: string | undefined): boolean => events.includes(event);
  const isRemoved = has('subscriptionRemoved');
  const missed = isRemoved
    ? 'Graph has ended the subscription to changes. A new one is made.'
    : 'Graph could not deliver some notices of changes.';
  const isMissed = isRemoved || has('missed');
  return {
    kind: 'news',
    hasChanges: has(undefined) || isMissed,
    arrangement: isRemoved ? 'lost' : has('reauthorizationRequired') ? 'to-renew' : 'stands',
    missed: isMissed ? missed : undefined,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
