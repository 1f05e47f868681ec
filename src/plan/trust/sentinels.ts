/** People who never leave: where one of them is not seen, others may be hidden too. Pure. */
import type { Config } from '../../../config/schema.ts';
import type { Identity, SourceId } from '../../identity/index.ts';

/** The sentinels that a source's readings must show, as they stand in the configuration. */
export const sentinelsOf = (sentinels: Config['guards']['sentinels'], source: SourceId): readonly string[] =>
  sentinels.flatMap((sentinel) => {
    if (typeof sentinel === 'string') return [sentinel];
    return sentinel.source === source ? [sentinel.who] : [];
  });

export interface SentinelWatch {
  see(identity: Pick<Identity, 'anchor' | 'email' | 'login'>): void;
  /** Why the reading can't be trusted; undefined where all of them were seen. */
  doubt(): string | undefined;
}

/** Watches a reading for people by e-mail address, login or anchor, whatever the case. */
export function sentinelWatch(sentinels: readonly string[]): SentinelWatch {
  const awaited = new Map(sentinels.map((sentinel) => [sentinel.toLowerCase(), sentinel]));
  return {
    see({ anchor, email, login }) {
      if (awaited.size === 0) return;
      for (const name of [anchor, email, login]) if (name !== undefined) awaited.delete(name.toLowerCase());
    },
    doubt() {
      if (awaited.size === 0) return undefined;
      const names = [...awaited.values()].join(', ');
      const [which, are] = awaited.size === 1 ? ['sentinel', 'was'] : ['sentinels', 'were'];
      return `The ${which} ${names} ${are} not seen (guards.sentinels), so others may be hidden as well. Check what the account may read, and the source's base and filter; whoever has really left, take off the list.`;
    },
  };
}
