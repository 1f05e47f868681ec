/**
 * The book of slots in which requests may go out, shared by all processes. It keeps the times of the last `max` slots given, those to come
 * included. The next slot is now, or one window after the `max`-th last: so there are never more than `max` in any window, wherever
 * it begins, and whoever asks first goes first. (Counters per window, as rate-limiter-flexible keeps them, let twice `max` out around
 * each window's end, leave the order to chance, and know no windows below a second.)
 */
import type { Cluster, Redis } from 'ioredis';
import type pg from 'pg';

export type SlotLimit = { readonly max: number; readonly perMs: number };

/** All times in milliseconds from now; 0 is now. */
export type SlotBook = {
  /** Takes the next slot of the book with this name, and tells how far away it is. */
  reserve(name: string, limit: SlotLimit): Promise<number>;
  /** Gives no slots for so long. */
  block(name: string, forMs: number): Promise<void>;
  /** How long the block still lasts; 0 where there is none. */
  blockedFor(name: string): Promise<number>;
};

const notBefore = (wait: unknown): number => Math.max(0, Number(wait));

const now = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.ceil(time[2] / 1000)`;

/** KEYS: slots, block. ARGV: max, window in ms. */
const reserveScript = `${now}
local slot = math.max(now, tonumber(redis.call('GET', KEYS[2]) or 0), tonumber(redis.call('LINDEX', KEYS[1], -1) or 0))
local first = redis.call('LINDEX', KEYS[1], -tonumber(ARGV[1]))
if first then slot = math.max(slot, first + ARGV[2]) end
redis.call('RPUSH', KEYS[1], string.format('%.0f', slot))
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[1]), -1)
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', slot - now + ARGV[2]))
return slot - now`;

/** KEYS: block. ARGV: length in ms. A shorter block doesn't cut a longer one. */
const blockScript = `${now}
local ends = now + ARGV[1]
if ends > tonumber(redis.call('GET', KEYS[1]) or 0) then
  redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', ARGV[1])
end`;

const blockedForScript = `${now}
return tonumber(redis.call('GET', KEYS[1]) or 0) - now`;

/** A book in Redis. `prefix` comes before every key; in a cluster it must have a hash tag. */
export function redisSlots(client: Redis | Cluster, prefix: string): SlotBook {
  const slotsKey = (name: string): string => `${prefix}:${name}`;
  const blockKey = (name: string): string => `${prefix}:${name}:block`;
  return {
    reserve: async (name, { max, perMs }) =>
      notBefore(await client.eval(reserveScript, 2, slotsKey(name), blockKey(name), max, perMs)),
    block: async (name, forMs) => {
      await client.eval(blockScript, 1, blockKey(name), Math.ceil(forMs));
    },
    blockedFor: async (name) => notBefore(await client.eval(blockedForScript, 1, blockKey(name))),
  };
}

/** Unlogged: what a crash of the database loses here is at most one window old. */
const table = `CREATE UNLOGGED TABLE IF NOT EXISTS rollcall_slots (
  name text PRIMARY KEY,
  slots bigint[] NOT NULL DEFAULT '{}',
  blocked_until bigint NOT NULL DEFAULT 0
)`;

/** The database's clock, read when the row's lock is held and not before. */
const clock = 'ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

const reserveSql = `
  INSERT INTO rollcall_slots AS book (name, slots) VALUES ($1, ARRAY[${clock}])
  ON CONFLICT (name) DO UPDATE SET slots = (
    SELECT kept.slots[greatest(1, cardinality(kept.slots) - $2::int + 1):]
    FROM (SELECT book.slots || greatest(
      ${clock}, book.blocked_until, book.slots[cardinality(book.slots)],
      book.slots[cardinality(book.slots) - $2::int + 1] + $3::bigint
    ) AS slots) AS kept
  )
  RETURNING slots[cardinality(slots)] - ${clock} AS wait`;

const blockSql = `
  INSERT INTO rollcall_slots AS book (name, blocked_until) VALUES ($1, ${clock} + $2::bigint)
  ON CONFLICT (name) DO UPDATE SET blocked_until = greatest(book.blocked_until, ${clock} + $2::bigint)`;

const blockedForSql = `SELECT blocked_until - ${clock} AS wait FROM rollcall_slots WHERE name = $1`;

/** A book in PostgreSQL, in a table of its own in the pool's first schema, which is made if need be. */
export async function postgresSlots(pool: pg.Pool): Promise<SlotBook> {
  // IF NOT EXISTS alone may fail where two processes make the table at once.
  await pool.query(`DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('rollcall_slots'));
    ${table};
  END $$`);
  const wait = async (sql: string, values: readonly unknown[]): Promise<number> => {
    const { rows } = await pool.query<{ wait: string }>(sql, [...values]);
    return notBefore(rows[0]?.wait ?? 0);
  };
  return {
    reserve: (name, { max, perMs }) => wait(reserveSql, [name, max, perMs]),
    block: async (name, forMs) => {
      await pool.query(blockSql, [name, Math.ceil(forMs)]);
    },
    blockedFor: (name) => wait(blockedForSql, [name]),
  };
}
