import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { Graph, Patience } from '../graph/graph.ts';
import type { Scope } from '../scope/scope.ts';
import type { Claims } from '../sign-in/claims.ts';
import type { UserReader } from './user-reader.ts';

/** What reading people takes. */
export interface ReadingMeans {
  readonly config: EntraSourceConfig;
  readonly graph: Graph;
  readonly patience: Patience;
  readonly reader: UserReader;
  /** Undefined where everybody is looked at. */
  readonly scope: Scope | undefined;
  /** What the token says; undefined where it can't be read. */
  claims(signal: AbortSignal): Promise<Claims | undefined>;
}
