/** Reads changes as a run does, for the connector's tests. */
import { expect } from 'vitest';
import type { ChangesPart, Connector, Cursor } from '../../../connectors/connector.ts';
import type { Anchor } from '../../../src/identity/identity.ts';

export const signal = () => AbortSignal.timeout(60_000);

/** A whole reading: who was there, by their mail, and from where changes can be read. */
export async function readWhole(connector: Connector) {
  const anchors = new Map<string, Anchor>();
  let cursor: Cursor | undefined;
  for await (const part of connector.read({ attributes: ['mail', 'title'], signal: signal() })) {
    if (part.kind === 'end') {
      expect(part.completeness).toEqual({ kind: 'complete' });
      cursor = part.cursor;
    } else for (const { anchor, email } of part.identities) anchors.set(email ?? anchor, anchor);
  }
  if (cursor === undefined) throw new Error('The reading gave no cursor.');
  return { anchors, cursor };
}

export interface Told {
  readonly changed: ReadonlyMap<Anchor, string>;
  readonly departures: readonly string[];
  readonly inView: ReadonlySet<Anchor> | undefined;
  readonly end: Extract<ChangesPart, { kind: 'end' | 'broken' | 'cursor-lost' }>;
}

export async function tell(connector: Connector, since: Cursor, also: readonly Anchor[] = []): Promise<Told> {
  if (connector.changes === undefined) throw new Error('It tells no changes.');
  const changed = new Map<Anchor, string>();
  const departures: string[] = [];
  let inView: Set<Anchor> | undefined;
  const request = { attributes: ['mail', 'title'], since, also, signal: signal() };
  for await (const part of connector.changes(request)) {
    if (part.kind === 'batch') {
      for (const one of part.identities) changed.set(one.anchor, one.attributes.title?.[0] ?? '');
      departures.push(...part.departures.map(({ kind, anchor }) => `${kind} ${anchor}`));
    } else if (part.kind === 'in-view') inView = new Set([...(inView ?? []), ...part.anchors]);
    else return { changed, departures, inView, end: part };
  }
  throw new Error('The changes had no end.');
}

export function next({ end }: Told): Cursor {
  if (end.kind !== 'end') throw new Error(`They ended with ${JSON.stringify(end)}.`);
  return end.cursor;
}

/** Whoever the changes say has gone, of those who were there: named, or not among those in view. */
export const gone = ({ departures, inView, changed }: Told, known: Iterable<Anchor>): readonly Anchor[] =>
  [...known].filter(
    (anchor) =>
      departures.some((one) => one.endsWith(` ${anchor}`)) ||
      (inView !== undefined && !inView.has(anchor) && !changed.has(anchor)),
  );
