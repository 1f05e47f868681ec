import type { Ruling } from '../store/ruling.ts';

export function rulingJson(ruling: Ruling | undefined) {
  if (ruling === undefined) return null;
  return {
    kind: ruling.kind,
    source: ruling.source,
    anchor: ruling.anchor,
    label: ruling.label,
    email: ruling.email ?? null,
    profileId: ruling.kind === 'adopt' ? ruling.profileId : null,
    actor: ruling.actor,
    reason: ruling.reason,
    at: ruling.at.toISOString(),
  };
}
