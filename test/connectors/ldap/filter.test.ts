import fc from 'fast-check';
import { FilterParser, SearchRequest } from 'ldapts';
import { describe, expect, test } from 'vitest';
import { type Filter, FilterSyntaxError, parseFilter } from '../../../connectors/ldap/wire/filter.ts';
import { encodeSearch } from '../../../connectors/ldap/wire/requests.ts';

const escaped = (value: Buffer): string => value.toString('hex').replace(/../g, '\\$&');

function print(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return `(&${filter.parts.map(print).join('')})`;
    case 'or':
      return `(|${filter.parts.map(print).join('')})`;
    case 'not':
      return `(!${print(filter.part)})`;
    case 'present':
      return `(${filter.attribute}=*)`;
    case 'equal':
      return `(${filter.attribute}=${escaped(filter.value)})`;
    case 'greaterOrEqual':
      return `(${filter.attribute}>=${escaped(filter.value)})`;
    case 'lessOrEqual':
      return `(${filter.attribute}<=${escaped(filter.value)})`;
    case 'approximate':
      return `(${filter.attribute}~=${escaped(filter.value)})`;
    case 'substrings': {
      const { attribute, initial = Buffer.alloc(0), any, final = Buffer.alloc(0) } = filter;
      return `(${attribute}=${[initial, ...any, final].map(escaped).join('*')})`;
    }
    case 'extensible': {
      const { attribute = '', rule, dnAttributes, value } = filter;
      return `(${attribute}${dnAttributes ? ':dn' : ''}${rule === undefined ? '' : `:${rule}`}:=${escaped(value)})`;
    }
    default:
      return filter satisfies never;
  }
}

const attribute = fc.constantFrom('cn', 'objectClass', 'cn;lang-de', '2.5.4.3', 'x-y');
const octets = (minLength: number) =>
  fc.uint8Array({ minLength, maxLength: 6 }).map((bytes) => Buffer.from(bytes));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('present' as const), attribute }),
    fc.record({
      kind: fc.constantFrom('equal' as const, 'greaterOrEqual', 'lessOrEqual', 'approximate'),
      attribute,
      value: octets(0),
    }),
    fc
      .record({
        kind: fc.constant('substrings' as const),
        attribute,
        initial: maybe(octets(1)),
        any: fc.array(octets(1), { maxLength: 3 }),
        final: maybe(octets(1)),
      })
      .filter(({ initial, any, final }) => Boolean(initial ?? final) || any.length > 0),
    fc.record({
      kind: fc.constant('extensible' as const),
      attribute,
      rule: maybe(fc.constantFrom('caseExactMatch', '1.2.840.113556.1.4.1941')),
      dnAttributes: fc.boolean(),
      value: octets(0),
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or'),
      parts: fc.array(tie('filter'), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('filter') }),
  ),
}));

const search = (filter: Filter) =>
  encodeSearch(1, { base: 'dc=example', scope: 'sub', filter, attributes: [] }, undefined);

describe('a filter', () => {
  test('is the same after printing and parsing', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseFilter(print(filter))).toEqual(filter);
      }),
    );
  });

  test.each([
    '(objectClass=*)',
    '(&(objectClass=inetOrgPerson)(!(title=Guest)))',
    '(|(uid=a*b*c)(uid=*x)(uid=y*)(age>=3)(age<=4)(sn~=meyer))',
    '(memberOf:1.2.840.113556.1.4.1941:=cn=all,dc=example)',
    '(ou:dn:=people)',
    '(cn=\\2a\\28x\\29\\5c)',
    'uid=plain',
  ])('goes out as ldapts writes it: %s', (text) => {
    const theirs = new SearchRequest({
      ...{ messageId: 1, baseDN: 'dc=example', timeLimit: 0 },
      filter: FilterParser.parseString(text),
    });

    expect(search(parseFilter(text)).toString('hex')).toBe(theirs.write().toString('hex'));
  });

  test('takes escaped bytes as bytes, which ldapts does not', () => {
    expect(parseFilter('(sn=M\\c3\\bcller)')).toEqual(parseFilter('(sn=Müller)'));
    expect(
      search(parseFilter('(objectGUID=\\00\\ff\\2a)')).includes(Buffer.from([0x04, 3, 0, 0xff, 0x2a])),
    ).toBe(true);
  });

  test('carries a value of any octets as it is, wherever it stands', () => {
    const octets = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc
        .string({ unit: fc.constantFrom(...'*()\\\0&|!=ü😀'), minLength: 1 })
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(octets, (bytes) => {
        const value = Buffer.from(bytes);
        const sent = search({
          kind: 'and',
          parts: [{ kind: 'not', part: { kind: 'equal', attribute: 'cn', value } }],
        });
        const expected = Buffer.concat([
          Buffer.from([0x04, 2]),
          Buffer.from('cn'),
          Buffer.from([0x04, value.length]),
          value,
        ]);

        expect(sent.indexOf(expected)).toBeGreaterThan(0);
        expect(sent.indexOf(Buffer.concat([Buffer.from([0xa3, expected.length]), expected]))).toBeGreaterThan(
          0,
        );
      }),
    );
  });

  test('may have line breaks between its parts, as long ones in a configuration do', () => {
    expect(parseFilter('\n(&\n  (a=b)\n  (!(c=d))\n)\n')).toEqual(parseFilter('(&(a=b)(!(c=d)))'));
  });

  test.each([
    ['', 'is not of the form attribute=value', 1],
    ['(uid=a', 'a closing bracket is missing', 7],
    ['(&(uid=a)(mail=b)', 'a closing bracket is missing', 18],
    ['(uid=a))', 'something follows after the end of the filter', 8],
    ['(uid=a)(mail=b)', 'something follows after the end of the filter', 8],
    ['(&(uid=a)mail=b)', 'a closing bracket was expected', 10],
    ['(!uid=a)', 'an opening bracket was expected', 3],
    ['(!(uid=a)(uid=b))', 'a closing bracket was expected', 10],
    ['(uid)', '"uid" is not of the form attribute=value', 2],
    ['(u id=a)', '"u id=a" is not of the form attribute=value', 2],
    ['(cn=a\\zz)', 'after a backslash two hexadecimal digits are needed', 6],
    ['(cn=a\\2)', 'after a backslash two hexadecimal digits are needed', 6],
    ['(cn=a(b)', '"(" in a value must be written as \\28', 6],
    ['  uid', '"uid" is not of the form attribute=value', 3],
    ['(:=x)', '":=x" is not of the form attribute=value', 2],
  ])('that is wrong, %j, says where', (text, problem, position) => {
    const parse = () => parseFilter(text);

    expect(parse).toThrow(FilterSyntaxError);
    expect(parse).toThrow(`${problem}, at character ${position}`);
  });

  test('nested without end is refused, not a stack overflow', () => {
    expect(() => parseFilter('(!'.repeat(100_000))).toThrow('nested deeper than 100 levels');
  });

  test('of any text is parsed or refused, and nothing else', () => {
    const text = fc.string({ unit: fc.constantFrom(...'()&|!=*<>~:\\ab2; ') });
    fc.assert(
      fc.property(text, (one) => {
        try {
          search(parseFilter(one));
        } catch (error) {
          expect(error).toBeInstanceOf(FilterSyntaxError);
        }
      }),
    );
  });
});
