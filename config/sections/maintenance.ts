import { z } from 'zod';
import { timeZone } from '../scalars.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const moment = z
  .string()
  .regex(
    /^(([01]\d|2[0-3]):[0-5]\d|24:00|\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d)$/,
    'write a time of day, such as 22:00, or for a window that is there once a day with it, such as 2026-12-24T12:00',
  );

const isOfDay = (text: string): boolean => !text.includes('T');

/** There is no 31st of June, which `Date` takes for the 1st of July. */
function isDate(text: string): boolean {
  const at = new Date(`${text}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const written = z.strictObject({
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .optional()
    .describe('The days on which it begins: mon, tue, wed, thu, fri, sat, sun. Every day, if not given')
    .meta({ examples: [['fri', 'sat']] }),
  from: moment
    .describe('When it begins, such as 22:00; or once, 2026-12-24T12:00')
    .meta({ examples: ['22:00'] }),
  to: moment
    .describe(
      'When it ends, such as 06:00: on the next day, where that is not later than from; or once, 2027-01-02T06:00',
    )
    .meta({ examples: ['06:00'] }),
  timezone: timeZone.default('UTC').describe('Whose clocks count, such as Europe/Vienna'),
  leavers: z
    .enum(['go', 'wait'])
    .default('go')
    .describe('Whether people who have left are deactivated all the same, or wait like everything else'),
  reason: z
    .string()
    .min(1)
    .optional()
    .describe('What it is for, told wherever something waits')
    .meta({ examples: ['Payroll'] }),
});

/** What can't be, with the key that is to be mended. */
function problemOf({
  days,
  from,
  to,
}: z.output<typeof written>): { key: string; message: string } | undefined {
  if (isOfDay(from) !== isOfDay(to))
    return { key: 'to', message: 'from and to must both be times of day, or both have a date' };
  if (isOfDay(from))
    return from === to
      ? { key: 'to', message: 'from and to are the same; for a whole day write from 00:00 to 24:00' }
      : undefined;
  if (days !== undefined)
    return { key: 'days', message: 'a window that has dates is there once; leave days out, or the dates' };
  const bad = [from, to].find((text) => !isDate(text));
  if (bad !== undefined)
    return { key: bad === from ? 'from' : 'to', message: 'the calendar has no such day' };
  return from < to ? undefined : { key: 'to', message: 'it must end after it begins' };
}

/** Milliseconds from midnight; `24:00` is the end of the day. */
const ofDay = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * 60_000;

const window = written
  .superRefine((given, context) => {
    const problem = problemOf(given);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: [problem.key], message: problem.message });
  })
  .transform(({ days = [...weekdays], from, to, ...rest }) =>
    isOfDay(from)
      ? { kind: 'recurring' as const, days, from: ofDay(from), to: ofDay(to), ...rest }
      : { kind: 'once' as const, from, to, ...rest },
  );

export const maintenance = z
  .array(window)
  .default([])
  .describe(
    'Times in which nothing is written to the org: sources are read and plans are made, operations wait for the end',
  );
