import type { Brand } from './brand.ts';
import type { StartDate } from './start-date.ts';

/** The configured id of a source, such as `corp`. */
export type SourceId = Brand<string, 'SourceId'>;

/**
 * A person's immutable id in their source (`entryUUID`, `objectGUID`, ...), in lower case where the source's
 * comparison ignores case. Never a DN, never an e-mail address: both change.
 */
export type Anchor = Brand<string, 'Anchor'>;

/** Attribute values by the attribute's name, spelled as the reader asked for it. Absent attributes are absent keys. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

/**
 * A record of a source in 64 bits, in two signed halves: two of one print are the same record, for the same question. Only the
 * connector that made it can say what it is of.
 */
export interface RecordPrint {
  readonly low: number;
  readonly high: number;
}

/** One person as a source tells it, in one normal form whatever the source. */
export interface Identity {
  readonly source: SourceId;
  readonly anchor: Anchor;
  /** How the source's own people would name the record: the DN, where there is one. For messages only. */
  readonly label: string;
  readonly login: string | undefined;
  readonly email: string | undefined;
  /** The number that HR knows them by: the same after a rehire, and in every source. Undefined where the source has none. */
  readonly employeeNumber?: string | undefined;
  /** False where the source itself says that the account is disabled. */
  readonly active: boolean;
  /** Of somebody who is not active: what in the record says so, as a sentence. */
  readonly whyInactive: string | undefined;
  /** When the source says that they leave; who has left is told by `judge`, which knows the time. */
  readonly leaveAt: Date | undefined;
  /** The attribute that says when they leave, for messages. */
  readonly leaveAtFrom: string | undefined;
  /** Their first day, where the source is asked for it and has one. */
  readonly start?: StartDate | undefined;
  /** The names (DNs) of the groups that the source says the person is in, directly. */
  readonly groups: readonly string[];
  readonly attributes: Attributes;
  /** The containers around the record, the nearest first, in one spelling each; absent where the source has none. */
  readonly branches?: readonly string[] | undefined;
  /** Of the record that all this was made of; only where whoever reads recalls records, and the connector makes prints. */
  readonly print?: RecordPrint | undefined;
}
