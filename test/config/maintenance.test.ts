/** Maintenance windows and schedules as administrators write them: mistakes are named at the key that is to be mended. */
import { expect, test } from 'vitest';
import { configInWords } from '../../config/index.ts';
import { configSchema } from '../../config/schema.ts';

const written = (maintenance: readonly object[], schedule: object = {}) =>
  configSchema.safeParse({
    profileApi: { url: 'https://app.example.com', apiKey: 'key' },
    sources: [{ id: 'corp', type: 'ldif', file: 'people.ldif', schedule }],
    maintenance,
  });

const problems = (...given: Parameters<typeof written>): readonly string[] =>
  written(...given).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test.each([
  [{ from: '25:00', to: '06:00' }, 'maintenance.0.from: write a time of day'],
  [{ from: '22:00', to: '22:00' }, 'maintenance.0.to: from and to are the same'],
  [{ from: '22:00', to: '2026-12-24T06:00' }, 'maintenance.0.to: from and to must both be times of day'],
  [{ from: '2026-02-30T12:00', to: '2026-12-24T06:00' }, 'maintenance.0.from: the calendar has no such day'],
  [{ from: '2026-12-24T12:00', to: '2026-12-24T11:00' }, 'maintenance.0.to: it must end after it begins'],
  [
    { days: ['sat'], from: '2026-12-24T12:00', to: '2026-12-25T12:00' },
    'maintenance.0.days: a window that has dates is there once',
  ],
  [{ days: [], from: '22:00', to: '06:00' }, 'maintenance.0.days: '],
  [
    { from: '22:00', to: '06:00', timezone: 'Vienna' },
    'maintenance.0.timezone: write the name of a time zone',
  ],
])('%o is refused', (window, problem) => {
  expect(problems([window])).toEqual([expect.stringContaining(problem)]);
});

test.each([
  [{ full: '0 25 * * *' }, 'full: no time fits it'],
  [{ full: '0 3 31 2 *' }, 'full: no time fits it'],
  [{ full: '0 3 * *' }, 'full: write five cron fields'],
  [{ full: '0 3 * * *', timezone: 'Vienna' }, 'timezone: write the name of a time zone'],
])('the schedule %o is refused', (schedule, problem) => {
  expect(problems([], schedule)).toEqual([expect.stringContaining(problem)]);
});

test('all of it is told in words', () => {
  const { data } = written(
    [
      { days: ['fri', 'sat'], from: '22:00', to: '06:00', timezone: 'Europe/Vienna', reason: 'Payroll' },
      { from: '2026-12-24T12:00', to: '2027-01-02T06:00', leavers: 'wait' },
    ],
    { full: '0 3 * * *', jitter: '5m', makeUp: 'never' },
  );

  const text = data && configInWords(data).flatMap(({ sentences }) => sentences.map((one) => one.text));

  expect(text).toEqual(
    expect.arrayContaining([
      'Each time is put off by up to 5 minutes, by chance.',
      'What is missed because no service is at work is left out.',
      'Nothing is written on Fridays and Saturdays from 22:00 until 06:00 of the next day (Europe/Vienna) (Payroll). Whoever has left is deactivated all the same.',
      'Nothing is written from 2026-12-24 12:00 until 2027-01-02 06:00 (UTC). Whoever has left waits as well, whoever says so.',
    ]),
  );
});
