import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalDescription } from '../../../connectors/ldap/people/entries.ts';
import { anchorOctets, ignoresCase, valueRenderer } from '../../../connectors/ldap/people/values.ts';

describe('a value', () => {
  test('of a text attribute is its text, byte for byte', () => {
    const render = valueRenderer('cn');
    const roundTrip = (text: string) => render(Buffer.from(text));

    expect(roundTrip('\ufeffMüller 太郎')).toBe('\ufeffMüller 太郎');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(roundTrip(text)).toBe(text);
      }),
    );
  });

  test('that is no UTF-8 is base64, from which every byte comes back', () => {
    expect(valueRenderer('cn')(Buffer.from([0x4d, 0xfc]))).toBe('Tfw=');
  });

  test('of a binary attribute or option is base64, also where it looks like text', () => {
    expect(valueRenderer('jpegPhoto')(Buffer.from('text'))).toBe('dGV4dA==');
    expect(valueRenderer('userCertificate;BINARY')(Buffer.from('text'))).toBe('dGV4dA==');
  });

  test('of objectSid is written as Windows does', () => {
    const sid = Buffer.from('010500000000000515000000dcf4dc3b833d2b46828ba62800020000', 'hex');

    expect(valueRenderer('objectSid')(sid)).toBe('S-1-5-21-1004336348-1177238915-682003330-512');
  });
});

describe('an anchor', () => {
  test('of objectGUID comes back as the bytes that it was read from', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((one) => Buffer.from(one));

    fc.assert(
      fc.property(bytes, (value) => {
        const text = valueRenderer('objectGUID')(value);

        expect(anchorOctets('OBJECTguid', text)).toEqual(value);
      }),
    );
  });

  test.each([
    ['entryUUID', '100234'],
    ['entryUUID', ''],
    ['objectGUID', 'someone'],
    ['employeeNumber', ''],
  ])('of %s that is %j can not be looked up', (attribute, text) => {
    expect(anchorOctets(attribute, text)).toBeUndefined();
  });

  test('is kept in lower case where case has no meaning', () => {
    expect(['entryUUID', 'nsUniqueId', 'ObjectGuid', 'employeeNumber'].map(ignoresCase)).toEqual([
      ...[true, true, true],
      false,
    ]);
  });
});

test('attribute descriptions are the same in any case and order of options', () => {
  expect(normalDescription('CN;Lang-DE;Binary')).toBe(normalDescription('cn;binary;lang-de'));
  expect(normalDescription('cn;lang-de')).not.toBe(normalDescription('cn'));
});
