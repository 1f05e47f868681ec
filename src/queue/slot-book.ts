/**
 * The book of slots in which requests may go out, shared by all processes. It keeps the times of the last `max` slots given, those to come
 * included. The next slot is now, or one window after the `max`-th last: so there are never more than `max` in any window, wherever
 * it begins, and whoever asks first goes first. (Counters per window, as rate-limiter-flexible keeps them, let twice `max` out around
 * each window's end, leave the order to chance, and know no windows below a second.) Where there is a line already, slots are spread
 * evenly over the window: then the next one is never far, for whoever must not wait.
 *
 * A rate that the server finds too high is halved, and grows again by a twentieth of `max` with each window: additive increase,
 * multiplicative decrease, as TCP does it (RFC 5681, 3.1).
 */
import type { Cluster, Redis } from 'ioredis';
import type pg from 'pg';

/** So many requests in that time. */
export type SlotLimit = { readonly max: number; readonly perMs: number };

/** All times in milliseconds from now; 0 is now. */
export type SlotBook = {
  /** Takes the next slot of the book with this name, and tells how far away it is. */
  reserve(name: string, limit: SlotLimit): Promise<number>;
  /** Gives no slots for so long. */
  block(name: string, forMs: number): Promise<void>;
  /** How long the block still lasts; 0 where there is none. */
  blockedFor(name: string): Promise<number>;
  /**
   * Halves the rate that holds now, but never below one slot a window, and once a window at most: answers that come together tell of one excess.
   *
   * @returns slots per window from now on; undefined where it was lowered within the last window
   */
  lower(name: string, limit: SlotLimit): Promise<number | undefined>;
};

const notBefore = (wait: unknown): number => Math.max(0, Number(wait));

/** How much of the whole rate comes back with each window. */
const growthOf = ({ max }: SlotLimit): number => max / 20;

const now = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.ceil(time[2] / 1000)`;

/** KEYS[n]: the lowered rate. ARGV: max, window in ms, growth. */
const rateNow = (key: number): string => `
local max, window, growth = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local to, at = unpack(redis.call('HMGET', KEYS[${key}], 'to', 'at'))
local rate = max
if to then rate = math.min(max, to + growth * math.floor((now - at) / window)) end`;

/** KEYS: slots, block, lowered. ARGV: max, window in ms, growth. */
const reserveScript = `${now}
${rateNow(3)}
rate = math.max(1, math.floor(rate))
local last = tonumber(redis.call('LINDEX', KEYS[1], -1) or 0)
if last > now then last = last + window / rate end
local slot = math.max(now, tonumber(redis.call('GET', KEYS[2]) or 0), last)
local first = redis.call('LINDEX', KEYS[1], -rate)
if first then slot = math.max(slot, first + window) end
redis.call('RPUSH', KEYS[1], string.format('%.0f', slot))
redis.call('LTRIM', KEYS[1], -max, -1)
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', slot - now + window))
return math.ceil(slot - now)`;

/** KEYS: block. ARGV: length in ms. A shorter block doesn't cut a longer one. */
const blockScript = `${now}
local ends = now + ARGV[1]
if ends > tonumber(redis.call('GET', KEYS[1]) or 0) then
  redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', ARGV[1])
end`;

const blockedForScript = `${now}
return tonumber(redis.call('GET', KEYS[1]) or 0) - now`;

/** KEYS: lowered. ARGV: max, window in ms, growth. */
const lowerScript = `${now}
${rateNow(1)}
if to and now - at < window then return -1 end
local lower = math.max(1, rate / 2)
redis.call('HSET', KEYS[1], 'to', lower, 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', window * (math.ceil((max - lower) / growth) + 1)))
return math.floor(lower)`;

/** A book in Redis. `prefix` comes before every key; in a cluster it must have a hash tag. */
export function redisSlots(client: Redis | Cluster, prefix: string): SlotBook {
  const slotsKey = (name: string): string => `${prefix}:${name}`;
  const blockKey = (name: string): string => `${prefix}:${name}:block`;
  const loweredKey = (name: string): string => `${prefix}:${name}:lowered`;
  const numbers = (limit: SlotLimit) => [limit.max, limit.perMs, growthOf(limit)] as const;
  return {
    reserve: async (name, limit) => {
      const keys = [slotsKey(name), blockKey(name), loweredKey(name)];
      return notBefore(await client.eval(reserveScript, keys.length, ...keys, ...numbers(limit)));
    },
    block: async (name, forMs) => {
      await client.eval(blockScript, 1, blockKey(name), Math.ceil(forMs));
    },
    blockedFor: async (name) => notBefore(await client.eval(blockedForScript, 1, blockKey(name))),
    lower: async (name, limit) =>
      rateOf(await client.eval(lowerScript, 1, loweredKey(name), ...numbers(limit))),
  };
}

const rateOf = (rate: unknown): number | undefined => (Number(rate) < 1 ? undefined : Number(rate));

/** Unlogged: what a crash of the database loses here is at most one window old, or a rate that is found again. */
const table = `CREATE UNLOGGED TABLE IF NOT EXISTS rollcall_slots (
  name text PRIMARY KEY,
  slots bigint[] NOT NULL DEFAULT '{}',
  blocked_until bigint NOT NULL DEFAULT 0
);
ALTER TABLE rollcall_slots
  ADD COLUMN IF NOT EXISTS lowered_to float8,
  ADD COLUMN IF NOT EXISTS lowered_at bigint`;

/** The database's clock, read when the row's lock is held and not before. */
const clock = 'ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Of a row of the book. $2: max, $3: window in ms, $4: growth. */
const rateNowSql = `least($2::float8,
  coalesce(book.lowered_to + $4::float8 * floor((${clock} - book.lowered_at) / $3::float8), $2::float8))`;

const reserveSql = `
  INSERT INTO rollcall_slots AS book (name, slots) VALUES ($1, ARRAY[${clock}])
  ON CONFLICT (name) DO UPDATE SET slots = (
    SELECT kept.slots[greatest(1, cardinality(kept.slots) - $2::int + 1):]
    FROM
      (SELECT ${clock} AS now, cardinality(book.slots) AS last, greatest(1, floor(${rateNowSql}))::int AS max) AS rate,
      LATERAL (SELECT book.slots || greatest(
        rate.now, book.blocked_until, book.slots[rate.last] +
          CASE WHEN book.slots[rate.last] > rate.now THEN ($3::float8 / rate.max)::bigint ELSE 0 END,
        book.slots[rate.last - rate.max + 1] + $3::bigint
      ) AS slots) AS kept
  )
  RETURNING slots[cardinality(slots)] - ${clock} AS wait`;

const blockSql = `
  INSERT INTO rollcall_slots AS book (name, blocked_until) VALUES ($1, ${clock} + $2::bigint)
  ON CONFLICT (name) DO UPDATE SET blocked_until = greatest(book.blocked_until, ${clock} + $2::bigint)`;

const blockedForSql = `SELECT blocked_until - ${clock} AS wait FROM rollcall_slots WHERE name = $1`;

const lowerSql = `
  INSERT INTO rollcall_slots AS book (name, lowered_to, lowered_at)
  VALUES ($1, greatest(1, $2::float8 / 2), ${clock})
  ON CONFLICT (name) DO UPDATE SET lowered_to = greatest(1, ${rateNowSql} / 2), lowered_at = ${clock}
  WHERE coalesce(${clock} - book.lowered_at >= $3::bigint, true)
  RETURNING floor(lowered_to) AS rate`;

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
  const numbers = (limit: SlotLimit) => [limit.max, limit.perMs, growthOf(limit)] as const;
  return {
    reserve: (name, limit) => wait(reserveSql, [name, ...numbers(limit)]),
    block: async (name, forMs) => {
      await pool.query(blockSql, [name, Math.ceil(forMs)]);
    },
    blockedFor: (name) => wait(blockedForSql, [name]),
    lower: async (name, limit) => {
      const { rows } = await pool.query<{ rate: number }>(lowerSql, [name, ...numbers(limit)]);
      return rateOf(rows[0]?.rate ?? 0);
    },
  };
}
