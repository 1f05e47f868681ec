import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BerError } from '../../../connectors/ldap/wire/ber.ts';
import { FrameSplitter } from '../../../connectors/ldap/wire/frames.ts';
import { decodeMessage } from '../../../connectors/ldap/wire/messages.ts';
import { done, element, entry, list, message, text } from './ber.ts';

const entryMessage = (dn: string, values: readonly string[]) => entry(dn, { cn: values });

const anyEntry = fc.tuple(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.string({ unit: 'grapheme', maxLength: 300 })),
);

describe('messages', () => {
  test('come out whole, however the network cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(anyEntry, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 400 })),
        (entries, cuts) => {
          const bytes = Buffer.concat(entries.map(([dn, values]) => entryMessage(dn, values)));
          const splitter = new FrameSplitter();
          const found: unknown[] = [];
          let from = 0;
          for (const size of [...cuts, bytes.length]) {
            splitter.push(bytes.subarray(from, from + size), (...place) => {
              const message = decodeMessage(...place);
              if (message.kind !== 'entry') throw new Error('not an entry');
              found.push([message.entry.dn, message.entry.attributes[0]?.values.map(String)]);
            });
            from += size;
          }

          expect(found).toEqual(entries);
          expect(splitter.pendingBytes).toBe(0);
        },
      ),
    );
  });

  test('of many megabytes are put together once, not again with every chunk', () => {
    const bytes = entryMessage('cn=large', ['x'.repeat(24_000_000)]);
    const splitter = new FrameSplitter();
    const lengths: number[] = [];

    for (let from = 0; from < bytes.length; from += 16_384) {
      splitter.push(bytes.subarray(from, from + 16_384), (_, start, end) => lengths.push(end - start));
    }

    expect(lengths).toEqual([bytes.length]);
  });

  test('larger than any directory needs are refused before they are waited for', () => {
    expect(() => new FrameSplitter().push(Buffer.from('30847fffffff', 'hex'), () => undefined)).toThrow(
      BerError,
    );
  });

  test('that are damaged are decoded or refused, and never hang', () => {
    const whole = entryMessage('cn=someone,dc=example', ['one', 'two']);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        try {
          decodeMessage(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(BerError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  // One byte alone was waited with, which a piece of the network ends with at times.
  test('are refused with the first byte that begins none, also where it comes alone', () => {
    const splitter = new FrameSplitter();
    splitter.push(entryMessage('cn=x', ['ab']), () => undefined);

    expect(() => splitter.push(Buffer.from('t'), () => undefined)).toThrow(BerError);
  });

  test('whose inside is longer than they are, are refused', () => {
    expect(() => decodeMessage(Buffer.from('300c020102640704017530051234', 'hex'))).toThrow(BerError);
  });

  test('never give away bytes of what stands behind', () => {
    const message = entryMessage('cn=x', ['ab']);
    // The last value claims three bytes, and has two.
    message[message.length - 3] = 3;
    const behind = Buffer.concat([message, entryMessage('cn=y', ['c'])]);

    expect(() => decodeMessage(behind.subarray(0, message.length))).toThrow(BerError);
    expect(() => decodeMessage(behind)).toThrow(BerError);
  });

  test('of a result carry referrals and the cookie of a page', () => {
    const control = list(
      0x30,
      text('1.2.840.113556.1.4.319'),
      element(0x04, list(0x30, Buffer.from([0x02, 1, 0]), text('next'))),
    );
    const other = list(0x30, text('1.2.3'), Buffer.from([0x01, 1, 0xff]), text('x'));
    const end = done(10, 'look there', list(0xa3, text('ldap://there/')));

    const decoded = decodeMessage(message(end, list(0xa0, other, control)));

    expect(decoded).toMatchObject({
      kind: 'result',
      result: {
        ...{ code: 10, matchedDn: 'dc=example', diagnostic: 'look there' },
        ...{ referrals: ['ldap://there/'], pageCookie: Buffer.from('next') },
      },
    });
  });
});
