/** Entries of the audit log. */
import type { ToldEntry } from '../../json/index.ts';
import { absoluteTime } from '../../words/time.ts';
import type { Screen } from './colours.ts';
import { renderTable } from './table.ts';

/** In the order given, which is that of the chain. */
export function renderAudit(entries: readonly ToldEntry[], screen: Screen): readonly string[] {
  if (entries.length === 0) return ['The audit log has no such entries.'];
  const { colour } = screen;
  return renderTable(
    ['ENTRY', 'AT', 'WHO', 'DID', 'RUN', 'PERSON', 'REASON'],
    entries.map((entry) => [
      { text: String(entry.seq), paint: colour.dim },
      absoluteTime(new Date(entry.at)),
      entry.actor,
      { text: entry.action, paint: entry.action.endsWith('.failed') ? colour.red : colour.bold },
      entry.operation ?? entry.run ?? '',
      entry.email ?? entry.anchor ?? '',
      entry.reason ?? '',
    ]),
    screen,
  );
}
