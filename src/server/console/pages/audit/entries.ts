/** Entries of the audit log, as a table. */
import type { StoredEntry } from '../../../../audit/index.ts';
import { discreetDetails, type Engine } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import { absoluteTime, relativeTime } from '../../../../words/time.ts';
import { firstNamed, personPath } from '../../person-path.ts';
import { table } from '../../table.ts';

export function entryTable(
  entries: readonly StoredEntry[],
  { sources }: Pick<Engine, 'sources'>,
  now: Date,
): Html {
  if (entries.length === 0) return html`<p>There are no such entries.</p>`;
  // The mapping is the same for every source.
  const secret = sources[0]?.rules.secret ?? new Set<string>();
  return table(
    'Entries',
    ['Entry', 'When', 'Who', 'Did', 'Whom', 'Run', 'Why, and more'],
    entries.map((entry) => {
      const { seq, at, actor, action, run_id, details } = entry;
      return html`<tr><th scope="row">${seq}</th><td>${exactly(at, now)}</td><td class="text"><bdi>${actor}</bdi></td>
<td>${action.endsWith('.failed') ? html`<strong class="no">${action}</strong>` : action}${typeof details.kind === 'string' ? html` <small>${details.kind}</small>` : ''}</td><td class="text">${personOf(entry)}</td>
<td>${run_id === null ? '' : html`<a href="/runs/${run_id}">${run_id}</a>`}</td><td class="text">${entry.reason ?? ''}${detailsOf(entry, secret)}</td></tr>`;
    }),
  );
}

/** The exact time stands there, since entries are quoted; how long ago it was, where one points at it. */
const exactly = (at: Date, now: Date): Html =>
  html`<time datetime="${at.toISOString()}" title="${relativeTime(at, now)}">${absoluteTime(at)}</time>`;

function personOf({ source_id, anchor, email, profile_id }: StoredEntry): Html {
  if (source_id === null || anchor === null) return html`${email ?? profile_id ?? source_id ?? ''}`;
  const name = firstNamed([email ?? undefined], anchor);
  return html`<a href="${personPath({ source: source_id, anchor })}"><bdi>${name}</bdi></a>`;
}

function detailsOf(entry: StoredEntry, secret: ReadonlySet<string>): Html {
  const details = discreetDetails(entry.details, secret);
  const { hash, prev_hash, operation_id, profile_id, seq } = entry;
  const ids = { operation: operation_id, profile: profile_id, hash, after: prev_hash };
  const said = Object.keys(details).length === 0 ? {} : { details };
  return html`<details><summary>Details<span class="unseen"> of entry ${seq}</span></summary><pre>${JSON.stringify({ ...said, ...ids }, null, 2)}</pre></details>`;
}
