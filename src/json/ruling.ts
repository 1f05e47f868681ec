import type { Ruling } from '../store/people/ruling.ts';

const told = (ruling: Ruling) => ({
  kind: ruling.kind,
  source: ruling.source,
  anchor: ruling.anchor,
  label: ruling.label,
  email: ruling.email ?? null,
  profileId: ruling.kind === 'adopt' ? ruling.profileId : null,
  actor: ruling.actor,
  reason: ruling.reason,
  at: ruling.at.toISOString(),
});

/** An operator's word on one person. */
export function rulingJson(ruling: Ruling): ReturnType<typeof told>;
/** The same, or null where nothing is ruled. */
export function rulingJson(ruling: Ruling | undefined): ReturnType<typeof told> | null;
export function rulingJson(ruling: Ruling | undefined): ReturnType<typeof told> | null {
  return ruling === undefined ? null : told(ruling);
}
