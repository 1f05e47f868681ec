import type { Tried } from '../execute/index.ts';
import type { SourceId } from '../identity/index.ts';
import type { Conducted } from '../plan/index.ts';
import type { SentRequest } from '../profile-api/index.ts';
import type { VerifiedDeparture } from '../store/departures.ts';

/** What a process does, told to whoever counts it. */
export interface Meters {
  operationTried?(tried: Tried): void;
  runConducted?(run: ConductedRun): void;
  requestSent?(request: SentRequest): void;
  /** The rate of all processes was halved. */
  rateLowered?(): void;
  leaverVerified?(leaver: VerifiedDeparture): void;
}

/** A run taken to its plan, or to a failure. */
export interface ConductedRun {
  readonly source: SourceId;
  readonly outcome: Exclude<Conducted['kind'], 'busy'>;
  readonly durationMs: number;
}
