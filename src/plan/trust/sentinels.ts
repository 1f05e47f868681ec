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
  /** @returns whether it is one of them */
  see(identity: Pick<Identity, 'anchor' | 'email' | 'login'>): boolean;
  /** Why the reading can't be trusted; undefined where all of them were seen. */
  doubt(): string | undefined;
}

/** Watches a reading for people by e-mail address, login or anchor, whatever the case. */
export function sentinelWatch(sentinels: readonly string[]): SentinelWatch {
  const all = new Map(sentinels.map((sentinel) => [sentinel.toLowerCase(), sentinel]));
  const awaited = new Map(all);
  return {
    see({ anchor, email, login }) {
      if (all.size === 0) return false;
      const names = [anchor, email, login].flatMap((name) => name?.toLowerCase() ?? []);
      for (const name of names) awaited.delete(name);
      return names.some((name) => all.has(name));
    },
    doubt() {
      if (awaited.size === 0) return undefined;
      const names = [...awaited.values()].join(', ');
      const [which, are] = awaited.size === 1 ? ['sentinel', 'was'] : ['sentinels', 'were'];
      return `The ${which} ${names} ${are} not seen (guards.sentinels), so others may be hidden as well. Check what the account may read, and the source's base and filter; whoever has really left, take off the list.`;
    },
  };
}
