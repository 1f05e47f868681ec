/** What a run needs to come to its plan. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Rules } from '../identity/index.ts';
import type { ProfileApi } from '../profile-api/index.ts';
import type { Database, ReadSoFar } from '../store/schema.ts';

/** How far a run has come before there is a plan. */
export type PlanProgress =
  | { readonly stage: 'org'; readonly profiles: number }
  | { readonly stage: 'source'; readonly identities: number }
  | { readonly stage: 'plan' };

/** Both sides are read at the same time: what has come of each so far. */
export function withProgress(soFar: ReadSoFar, progress: PlanProgress): ReadSoFar {
  switch (progress.stage) {
    case 'org':
      return { ...soFar, profiles: progress.profiles };
    case 'source':
      return { ...soFar, identities: progress.identities };
    case 'plan':
      return soFar;
    default:
      return progress satisfies never;
  }
}

/** Both sides, the rules between them, and where the plan is kept. */
export interface PlanMeans {
  readonly db: Kysely<Database>;
  readonly connector: Connector;
  readonly api: ProfileApi;
  readonly rules: Rules;
  /** Of everything that decides what a change of the source means for the org. */
  readonly fingerprint: string;
  readonly config: Pick<Config, 'lifecycle' | 'guards' | 'correlation' | 'sources' | 'precedence' | 'backup'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Told again and again while people are read; it should be quick. */
  readonly onProgress: (progress: PlanProgress) => void;
  /** The clock. */
  readonly now: () => Date;
}
