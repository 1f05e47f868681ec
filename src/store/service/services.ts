/** The processes at work, known by their heartbeat. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Database, ServiceCircuit, ServiceTable } from '../schema.ts';

/** A process as it is stored. */
export type Service = Selectable<ServiceTable>;
/** All roles. `console` serves people and the API, and does nothing by itself. */
export const serviceRoles = ['scheduler', 'worker', 'console'] as const;
/** What a process does; without `--role` it does all of it. */
export type ServiceRole = (typeof serviceRoles)[number];

/** A process that has not been heard of for this long is taken for dead. */
export const silentAfterMs = 15_000;

/** Tells that a process is alive. It has to be told again before `silentAfterMs` is over. */
export async function announce(
  db: Kysely<Database>,
  service: {
    readonly id: string;
    readonly roles: readonly ServiceRole[];
    readonly host: string;
    readonly pid: number;
    /** How it has met the profile API; undefined where it carries nothing out. */
    readonly circuit: ServiceCircuit | undefined;
  },
): Promise<void> {
  const circuit = service.circuit === undefined ? null : JSON.stringify(service.circuit);
  await db
    .insertInto('services')
    .values({ id: service.id, roles: service.roles.join(','), host: service.host, pid: service.pid, circuit })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: sql`now()`, circuit }))
    .execute();
}

/** Takes a process off the list that stops in good order. */
export async function sayGoodbye(db: Kysely<Database>, id: string): Promise<void> {
  await db.deleteFrom('services').where('id', '=', id).execute();
}

/** The processes that were heard of lately; the others are forgotten. */
export async function livingServices(db: Kysely<Database>): Promise<readonly Service[]> {
  await db
    .deleteFrom('services')
    .where('seen_at', '<', sql<Date>`now() - ${silentAfterMs * 100} * interval '1 millisecond'`)
    .execute();
  return await db
    .selectFrom('services')
    .selectAll()
    .where('seen_at', '>=', sql<Date>`now() - ${silentAfterMs} * interval '1 millisecond'`)
    .orderBy('started_at')
    .execute();
}

/** Whether the process has that role. */
export const hasRole = (service: Service, role: ServiceRole): boolean =>
  service.roles.split(',').includes(role);
