/** Scalars of the configuration that carry a unit: durations, sizes, cron patterns. */
import { Cron } from 'croner';
import { z } from 'zod';

const unitsInMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const bytesByUnit: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

/** What is said of it: its kind, how it may be written, and one to begin with. */
interface Told {
  readonly title: string;
  readonly such: string;
  readonly example: string;
}

const scaled = (units: Readonly<Record<string, number>>, { title, such, example }: Told) =>
  z
    .string()
    .regex(
      new RegExp(`^\\d+(\\.\\d+)?(${Object.keys(units).join('|')})$`),
      `write a number and a unit, such as ${such}`,
    )
    .meta({ title, examples: [example] })
    .transform((text) => {
      const [, amount = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
      return Math.round(Number(amount) * (units[unit] ?? 1));
    });

/** As `duration`, with another example in the documentation. */
export function durationSuchAs(example: string) {
  return scaled(unitsInMs, { title: 'duration', such: '30s, 5m or 24h', example });
}

/** A length of time such as `30s`, `5m`, `24h`, `90d`; in milliseconds once parsed. */
export const duration = durationSuchAs('24h');

/** A size such as `8MiB`; in bytes once parsed. */
export const byteLimit = scaled(bytesByUnit, { title: 'size', such: '512KiB or 8MiB', example: '8MiB' });

const fields = /^(\S+\s+){4,5}\S+$/;

/** Of what has the form of a pattern. */
function comes(pattern: string): boolean {
  if (!fields.test(pattern)) return true;
  try {
    return new Cron(pattern, { paused: true }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

/** A cron pattern of five fields (minute, hour, day, month, weekday) or six (seconds first). */
export const cronPattern = z
  .string()
  .regex(fields, 'write five cron fields: minute hour day month weekday, such as "*/5 * * * *"')
  .refine(
    comes,
    'no time fits it: write minute (0-59), hour (0-23), day (1-31), month (1-12) and weekday (0-7, or mon to sun), such as "0 3 * * mon-fri"',
  )
  .meta({ title: 'cron pattern', examples: ['0 3 * * *'] });

/** A time zone by its name in the IANA database. */
export const timeZone = z
  .string()
  .refine((name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
    } catch {
      return false;
    }
  }, 'write the name of a time zone, such as Europe/Vienna')
  .meta({ title: 'time zone', examples: ['Europe/Vienna'] });
