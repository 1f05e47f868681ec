/** Which entries of the audit log somebody wants, from an address and back. */
import { z } from 'zod';
import { type AuditFilter, auditActions } from '../../../../audit/index.ts';
import type { RunId } from '../../../../store/operations/operation.ts';
import { written } from '../../written.ts';

const text = written(320).catch('').default('');

const day = z.iso.date();
const time = z.iso.datetime({ offset: true });

const fields = z.object({
  who: text,
  run: text,
  action: text,
  since: text,
  until: text,
  before: text,
});

/** As it was written, so that it stands in the form again. */
export type Wish = z.output<typeof fields>;

export const wishOf = (query: unknown): Wish => fields.parse(query ?? {});

const dayMs = 24 * 3_600_000;

/** What can't be understood is no filter, and is named. */
export function filterOf({ who, run, action, since, until, before }: Wish): {
  readonly filter: AuditFilter;
  readonly doubts: readonly string[];
} {
  const [from, to] = [momentOf(since), momentOf(until)];
  const known = auditActions.find((one) => one === action);
  const seq = /^\d{1,15}$/.test(before) ? Number(before) : undefined;
  return {
    filter: {
      who: who === '' ? undefined : who,
      run: run === '' ? undefined : (run as RunId),
      action: known,
      since: from?.at,
      // A day is meant with all its hours.
      until: to === undefined ? undefined : new Date(to.at.getTime() + (to.isDay ? dayMs : 0)),
      before: seq,
    },
    doubts: [
      ...(since !== '' && from === undefined ? [`"${since}" is no day (2026-03-31), and was left out.`] : []),
      ...(until !== '' && to === undefined ? [`"${until}" is no day (2026-03-31), and was left out.`] : []),
      ...(action !== '' && known === undefined ? [`There is no action "${action}"; it was left out.`] : []),
    ],
  };
}

function momentOf(written: string): { readonly at: Date; readonly isDay: boolean } | undefined {
  if (day.safeParse(written).success) return { at: new Date(`${written}T00:00:00Z`), isDay: true };
  return time.safeParse(written).success ? { at: new Date(written), isDay: false } : undefined;
}

/** Of an address that has the same wish, with changes. */
export function queryOf(wish: Wish, changes: Partial<Wish> & { readonly format?: string } = {}): string {
  const pairs = Object.entries({ ...wish, ...changes }).filter(([, value]) => value !== '');
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
