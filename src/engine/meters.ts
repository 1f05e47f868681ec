import type { Tried } from '../execute/index.ts';
import type { SourceId } from '../identity/index.ts';
import type { Conducted } from '../plan/index.ts';
import type { SentRequest } from '../profile-api/index.ts';
import type { VerifiedDeparture } from '../store/departures/departures.ts';

/** What a process does, told to whoever counts it. */
export interface Meters {
  /** A worker has tried an operation, whatever came of it. */
  operationTried?(tried: Tried): void;
  /** A run has come to its plan or to a failure. */
  runConducted?(run: ConductedRun): void;
  /** A request to the profile API has been answered, or not. */
  requestSent?(request: SentRequest): void;
  /** The rate of all processes was halved. */
  rateLowered?(): void;
  /** Somebody who left has been found to be inactive. */
  leaverVerified?(leaver: VerifiedDeparture): void;
}

/** A run taken to its plan, or to a failure. */
export interface ConductedRun {
  readonly source: SourceId;
  readonly outcome: Exclude<Conducted['kind'], 'busy'>;
  readonly durationMs: number;
}
