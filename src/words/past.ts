/** What happened to somebody, from the audit log: what, when, by which run, on whose word. */
import type { StoredEntry } from '../audit/index.ts';
import type { History } from '../engine/index.ts';
import type { ProfileAttributes } from '../profile-api/index.ts';

export interface PastEvent {
  readonly at: Date;
  /** Such as `deactivate done`. */
  readonly what: string;
  readonly kind: string | undefined;
  readonly isDone: boolean;
  /** Such as `in run k3v9m2wt by schedule, approved by cli:anna: "I looked at it."`. */
  readonly onWhoseWord: string;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly before: ProfileAttributes;
  readonly after: ProfileAttributes;
}

/** The latest first, as the entries are. */
export const pastEvents = ({ entries, runsBy }: Pick<History, 'entries' | 'runsBy'>): readonly PastEvent[] =>
  entries.map((entry) => {
    const { kind, message, before, after } = entry.details;
    const isOperation = entry.action.startsWith('operation.');
    const outcome = entry.action.replace(/^operation[.]/, '');
    return {
      at: entry.at,
      what: isOperation && typeof kind === 'string' ? `${kind} ${outcome}` : entry.action,
      kind: isOperation && typeof kind === 'string' ? kind : undefined,
      isDone: entry.action === 'operation.done',
      onWhoseWord: onWhoseWord(entry, entry.run_id === null ? undefined : runsBy.get(entry.run_id)),
      reason: entry.reason ?? undefined,
      message: typeof message === 'string' && message !== '' ? message : undefined,
      before: attributesIn(before),
      after: attributesIn(after),
    };
  });

function onWhoseWord(entry: StoredEntry, runBy: string | undefined): string {
  const { approval, kind: ruling } = entry.details;
  const run = entry.run_id === null ? [] : [`in run ${entry.run_id}`];
  const by = entry.actor === 'worker' ? (runBy === undefined ? [] : [`by ${runBy}`]) : [`by ${entry.actor}`];
  const word: { readonly by?: unknown; readonly reason?: unknown } = Object(approval);
  const approved =
    typeof word.by === 'string'
      ? [`approved by ${word.by}${typeof word.reason === 'string' ? `: ${JSON.stringify(word.reason)}` : ''}`]
      : [];
  const ruled = entry.action.startsWith('ruling.') && typeof ruling === 'string' ? [`(${ruling})`] : [];
  return [[...ruled, ...run, ...by].join(' '), ...approved].filter((part) => part !== '').join(', ');
}

/** As the worker has written them. */
const attributesIn = (value: unknown): ProfileAttributes => (Array.isArray(value) ? {} : Object(value ?? {}));
