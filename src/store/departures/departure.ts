import type { Brand } from '../../identity/brand.ts';
import type { Anchor, SourceId } from '../../identity/identity.ts';
import type { RunId } from '../operations/operation.ts';

/** The id of a standing word that somebody left. */
export type DepartureId = Brand<string, 'DepartureId'>;

/** Whose word it is: an operator's, HR's by an event or a file, or a leave date that the source itself tells. */
export type DepartureCause = 'operator' | 'hr-event' | 'hr-file' | 'leave-date';

/**
 * A standing word that somebody has left or will leave. From its time on they count as a leaver, whatever their source
 * says, until it is taken back. A leave date follows its source instead: a later reading moves or ends it.
 */
export interface Departure {
  readonly id: DepartureId;
  readonly source: SourceId;
  readonly anchor: Anchor;
  readonly label: string;
  readonly email: string | undefined;
  readonly cause: DepartureCause;
  /** HR's own id of the event, for the audit log. */
  readonly eventId: string | undefined;
  readonly actor: string;
  readonly reason: string;
  readonly arrivedAt: Date;
  readonly dueAt: Date;
}

/** What has become of it so far. */
export interface DepartureRecord extends Departure {
  /** When it was acted on: an operation was made, or there was nothing to do. */
  readonly actedAt: Date | undefined;
  readonly run: RunId | undefined;
  /** Whether a guard holds it, or did until a person approved. */
  readonly isHeld: boolean;
  readonly deactivatedAt: Date | undefined;
  readonly verifiedAt: Date | undefined;
}

/** A leave date that was kept, and whether it has been acted on. */
export interface KeptLeaveDate {
  readonly id: DepartureId;
  readonly dueAt: Date;
  readonly isActedOn: boolean;
}

/** What a reading changes in the leave dates that are kept. */
export interface LeaveDateChanges {
  readonly set: readonly {
    readonly anchor: Anchor;
    readonly label: string;
    readonly email: string | undefined;
    readonly at: Date;
  }[];
  /** Of whom the source names no date any more, or says already that they left. */
  readonly dropped: readonly Anchor[];
}
