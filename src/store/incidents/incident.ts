import type { AlertEvent } from '../../../config/index.ts';

/** What is told of an incident. No secret is in it, and of people nothing but e-mail and id. */
export interface IncidentFacts {
  /** What it is about, such as `source corp`. */
  readonly subject: string;
  /** What is wrong, as a sentence. Parts of it may come from a directory or a server. */
  readonly sentence: string;
  /** What shows or mends it, in this order. Nothing in it is from outside: people copy it to a shell. */
  readonly commands: readonly string[];
  /** Its page in the console, such as `/runs/k3v9m2wt`. */
  readonly page: string;
  /** Since when it is so. */
  readonly since: string;
}

/** Something that is wrong, from when it was noticed until people were told that it is over. */
export interface Incident {
  readonly key: string;
  readonly event: AlertEvent;
  readonly openedAt: Date;
  /** When people were last told that it lasts; undefined while they don't know yet. */
  readonly toldAt: Date | undefined;
  /** Since when it is over; undefined while it lasts. */
  readonly overSince: Date | undefined;
  readonly facts: IncidentFacts;
}

/** `opened` is told once, `lasting` again and again, `resolved` once. `test` is about nothing. */
export type AlertPhase = 'opened' | 'lasting' | 'resolved' | 'test';

/** What a message says, before it has the form of a channel. */
export interface AlertContent {
  readonly event: AlertEvent;
  readonly phase: AlertPhase;
  readonly incidents: readonly (IncidentFacts & { readonly until?: string })[];
  /** How many more there are than those. */
  readonly more: number;
}

/** A message that a process has taken to send it. */
export interface ClaimedAlert {
  readonly seq: string;
  readonly id: string;
  readonly content: AlertContent;
  readonly madeAt: Date;
  /** This try included. */
  readonly attempts: number;
  /** What the last try ended with; undefined for the first one. */
  readonly trouble: string | undefined;
}
