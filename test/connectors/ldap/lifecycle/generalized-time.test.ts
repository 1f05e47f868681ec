import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGeneralizedTime } from '../../../../connectors/ldap/lifecycle/generalized-time.ts';

const iso = (text: string): string | undefined => parseGeneralizedTime(text)?.toISOString();
const two = (number: number): string => String(number).padStart(2, '0');

describe('a generalized time (RFC 4517 section 3.3.13)', () => {
  test.each([
    ['20260331160000Z', '2026-03-31T16:00:00.000Z'],
    ['202603311600Z', '2026-03-31T16:00:00.000Z'],
    ['2026033116Z', '2026-03-31T16:00:00.000Z'],
    ['20260331160000.0Z', '2026-03-31T16:00:00.000Z'],
    ['20260331160000.7Z', '2026-03-31T16:00:00.700Z'],
    ['20260331160000,123456Z', '2026-03-31T16:00:00.123Z'],
    ['202603311600.5Z', '2026-03-31T16:00:30.000Z'],
    ['2026033116.25Z', '2026-03-31T16:15:00.000Z'],
    ['20260331160000+0200', '2026-03-31T14:00:00.000Z'],
    ['20260331160000-0330', '2026-03-31T19:30:00.000Z'],
    ['2026033116+02', '2026-03-31T14:00:00.000Z'],
    ['20240229000000Z', '2024-02-29T00:00:00.000Z'],
    ['20161231235960Z', '2017-01-01T00:00:00.000Z'],
    ['000001010000Z', '0000-01-01T00:00:00.000Z'],
    ['99991231235959Z', '9999-12-31T23:59:59.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  test.each([
    ['', 'nothing'],
    ['20260331160000', 'no zone'],
    ['20260331', 'no hour'],
    ['20260631160000Z', 'the 31st of June'],
    ['20250229000000Z', 'the 29th of February in a common year'],
    ['20261331160000Z', 'a month 13'],
    ['20260331240000Z', 'an hour 24'],
    ['20260331166000Z', 'a minute 60'],
    ['20260331160061Z', 'a second 61'],
    ['20260331160000.Z', 'an empty fraction'],
    ['20260331160000+2500', 'an offset of 25 hours'],
    ['20260331160000z', 'a zone in lower case'],
    [' 20260331160000Z', 'a blank'],
    ['2026-03-31T16:00:00Z', 'another form'],
  ])('%j is none: it has %s', (text) => {
    expect(iso(text)).toBeUndefined();
  });

  test('of any moment is read back to the millisecond, whatever its zone', () => {
    const moment = fc.date({
      min: new Date('0000-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, fc.integer({ min: -23 * 60, max: 23 * 60 }), (given, offset) => {
        const local = new Date(given.getTime() + offset * 60_000);
        const digits = local.toISOString().replaceAll(/[-:TZ]/g, '');
        const ahead = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}${two(ahead % 60)}`;

        expect(parseGeneralizedTime(`${digits}${zone}`)).toEqual(given);
      }),
    );
  });

  test('no text makes it throw or give a date that is none', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,Z+-]{0,30}$/));
    fc.assert(
      fc.property(text, (given) => {
        const read = parseGeneralizedTime(given);
        expect(read === undefined || Number.isFinite(read.getTime())).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
