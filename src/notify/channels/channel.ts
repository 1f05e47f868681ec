import type { AlertContent } from '../../store/incidents/incident.ts';

/** A message on its way to a channel. */
export interface OutgoingAlert {
  /** The same in every try: receivers can tell by it that they have it already. */
  readonly id: string;
  readonly madeAt: Date;
  readonly content: AlertContent;
  /** Where the console is; undefined for messages without links. */
  readonly baseUrl: string | undefined;
}

/** What became of a try to deliver a message. No sentence holds the channel's address or a password. */
export type Delivery =
  /** `remark`: what is worth a word all the same. */
  | { readonly kind: 'sent'; readonly remark?: string }
  /** May go better later, once somebody has mended something. */
  | { readonly kind: 'again'; readonly sentence: string; readonly afterMs?: number | undefined }
  /** This message will never be taken; others may. */
  | { readonly kind: 'refused'; readonly sentence: string };

export interface Probed {
  readonly ok: boolean;
  readonly text: string;
}

/** A way to reach people. */
export interface Channel {
  readonly name: string;
  /** Never throws for what the other side does. */
  send(alert: OutgoingAlert, signal: AbortSignal): Promise<Delivery>;
  /** Finds out what can be found out without sending anything. */
  probe(signal: AbortSignal): Promise<Probed>;
}

/** A receiver that is slower than this is taken for dead. */
export const sendingTakesAtMostMs = 10_000;
