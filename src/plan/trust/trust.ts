/** Whether a whole reading may be a reason to remove somebody: it must look like the ones before it. */
import type { Kysely } from 'kysely';
import type { Config } from '../../../config/schema.ts';
import type { Identity } from '../../identity/index.ts';
import type { Run } from '../../store/runs/runs.ts';
import type { Database } from '../../store/schema.ts';
import { type TrustedReading, trustedReading } from '../../store/sources/trusted-readings.ts';
import type { SourceReading } from '../reading/read-source.ts';
import { sentinelsOf, sentinelWatch } from './sentinels.ts';
import { shrinkage } from './shrinkage.ts';

export interface ReadingJudge {
  /** @returns whether somebody has to be seen in every reading, and by name */
  see(identity: Identity): boolean;
  judge(reading: SourceReading, now: Date): Promise<JudgedReading>;
}

export interface JudgedReading {
  /** Why nobody may be removed on its word; undefined where it can be trusted. */
  readonly incomplete: string | undefined;
  /** What the next readings are to be measured against, where this one can be trusted. */
  readonly trusted: TrustedReading | undefined;
}

/** Watches a run's reading, and judges it once it is over. */
export function readingJudge(
  db: Kysely<Database>,
  run: Pick<Run, 'source_id' | 'raised'>,
  { maxShrink, sentinels }: Pick<Config['guards'], 'maxShrink' | 'sentinels'>,
): ReadingJudge {
  const watch = sentinelWatch(sentinelsOf(sentinels, run.source_id));
  return {
    see: watch.see,
    async judge({ incomplete, census }, now) {
      const doubted = incomplete ?? watch.doubt() ?? (await shrunk());
      const trusted = { at: now, census };
      return { incomplete: doubted, trusted: doubted === undefined ? trusted : undefined };

      async function shrunk(): Promise<string | undefined> {
        const before = await trustedReading(db, run.source_id);
        if (before === undefined) return undefined;
        const limits = { ...maxShrink, accepted: run.raised.maxShrink ?? 0 };
        return shrinkage(before.census, before.at, census, limits);
      }
    },
  };
}
