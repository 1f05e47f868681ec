/** Rules as somebody may write them, from tokens in any order, over people with any values. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression, ExpressionError } from '../../src/identity/expression.ts';
import { userContext } from '../../src/identity/user-context.ts';
import { identity } from '../builders/people.ts';
import { asLongAs } from './damaged.ts';

const words = [
  ...[
    'user',
    '.',
    'mail',
    'all',
    'groups',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '"a"',
    "'@'",
    '"mail"',
    '?',
    ':',
    ',',
    '!',
    '-',
    '+',
    '*',
    '/',
  ],
  ...[
    '%',
    '==',
    '!=',
    '<',
    '>=',
    '&&',
    '||',
    'in',
    'has',
    'size',
    'matches',
    'exists',
    'all',
    'map',
    'filter',
    'cel.bind',
    'x',
    '0',
    '1',
  ],
  ...[
    '1.5',
    '9223372036854775807',
    '0u',
    'null',
    'true',
    'false',
    'timestamp',
    'duration',
    'int',
    'string',
    'bytes',
    'dyn',
    'type',
    '.?',
  ],
  ...[
    'orValue',
    'optional.none()',
    'split',
    'substring',
    '__proto__',
    'constructor',
    '"(a+)+$"',
    'r"\\d"',
    'b"\\xff"',
    '// no',
    '\n',
    '\0',
    '"',
  ],
];
/** Those that have some sense are rare among tokens in any order, so half begin as one and have a piece replaced. */
const sensible = [
  'has ( user . mail ) && user . mail . matches ( "(a+)+$" )',
  'user . groups . exists ( x , x . size ( ) > 1 )',
  "user . all . mail . map ( x , x . split ( '@' ) [ 0 ] )",
  'user . ? mail . orValue ( "a" ) + string ( size ( user . groups ) )',
  'cel.bind ( x , user . mail , x == "a" ? 1 : int ( x ) )',
  '{ "a" : [ user . mail , 1.5 ] , "b" : null }',
  'user . all . map ( x , { x : user . all [ x ] [ 0 ] in user } )',
].map((text) => text.split(' '));
const token = fc.constantFrom(...words);
const anything = fc.array(token, { maxLength: 20 });
const nearlySensible = fc
  .tuple(
    fc.constantFrom(...sensible),
    fc.array(fc.tuple(fc.nat(30), fc.array(token, { maxLength: 2 })), { maxLength: 3 }),
  )
  .map(([tokens, changes]) =>
    changes.reduce<readonly string[]>(
      (now, [at, more]) => now.toSpliced(at % (now.length + 1), 1, ...more),
      tokens,
    ),
  );
const written = fc
  .oneof(anything, nearlySensible)
  .chain((tokens) => fc.constantFrom('', ' ').map((gap) => tokens.join(gap)));
const values = fc.dictionary(
  fc.constantFrom('mail', 'cn', 'x', '__proto__', 'constructor'),
  fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'a@b', '-1', '1e999', 'true', '(a+)+$', `${'a'.repeat(60)}!`),
    ),
    { maxLength: 3 },
  ),
);

test('a rule gives JSON, or says in one line what is wrong with it', () => {
  fc.assert(
    fc.property(written, values, (text, attributes) => {
      try {
        const value = compileExpression(text, 'value').evaluate(userContext(identity({ attributes })));
        if (value !== undefined) expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
        expect(String(error)).not.toContain('\n');
      }
    }),
    asLongAs(3_000),
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});
