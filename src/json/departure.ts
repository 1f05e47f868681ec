import type { DepartureRecord } from '../store/departures/departure.ts';

/** A standing word that somebody left. */
export const departureJson = (departure: DepartureRecord) => ({
  source: departure.source,
  anchor: departure.anchor,
  label: departure.label,
  email: departure.email ?? null,
  cause: departure.cause,
  eventId: departure.eventId ?? null,
  actor: departure.actor,
  reason: departure.reason,
  arrivedAt: departure.arrivedAt.toISOString(),
  dueAt: departure.dueAt.toISOString(),
  actedAt: departure.actedAt?.toISOString() ?? null,
  run: departure.run ?? null,
  held: departure.isHeld && departure.deactivatedAt === undefined,
  deactivatedAt: departure.deactivatedAt?.toISOString() ?? null,
  verifiedAt: departure.verifiedAt?.toISOString() ?? null,
});
