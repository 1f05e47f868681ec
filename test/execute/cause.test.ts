import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causeOf } from '../../src/execute/cause.ts';

const said = (who: string, at: string): string =>
  `Could not edit ${who} at https://api.example.com/organization/users/${at}/: the server answered 409, "${who} is taken". Correct it, and retry.`;

test.each([
  ['ann@example.com', 'an address'],
  ['Ann.Lee+x@mail.example.co.uk', 'an address with a point and a plus'],
  ['7f0e5c1e-aaaa-4bbb-8ccc-1234567890ab', 'a UUID'],
  ['up1a95fbb1c390e34197', 'a profile id'],
  ['k3x9m2wt.17', 'an operation'],
  ['1234567', 'a number'],
])('%s is of one person alone: %s', (who) => {
  const cause = causeOf(said(who, who));

  expect(cause).not.toContain(who);
  expect(cause).toMatch(
    /^Could not edit \((address|id)\) at https:\/\/api\.example\.com\/…: the server answered 409, /,
  );
});

test.each([
  'The server answered 409, "Enter a valid address."',
  'Set profileApi.url, or lifecycle.invite.role; see RFC 2849.',
  'The profile API at https://api.example.com:8443 has been down, error 503.',
  'Übergröße 多字节 <script>',
])('what says what went wrong stays: %s', (sentence) => {
  expect(causeOf(sentence)).toBe(sentence.replace('2849', '(id)'));
});

describe('whatever is said', () => {
  const address = fc
    .tuple(
      fc.stringMatching(/^[a-z]{1,20}$/),
      fc.stringMatching(/^[a-z]{1,20}$/),
      fc.constantFrom('com', 'org', 'at'),
    )
    .map(([local, domain, end]) => `${local}@${domain}.${end}`);

  test('two people with the same trouble have one cause', () => {
    fc.assert(
      fc.property(address, address, fc.uuid(), fc.uuid(), (one, other, id, otherId) => {
        expect(causeOf(said(one, id))).toBe(causeOf(said(other, otherId)));
      }),
    );
  });

  test('a cause is its own cause', () => {
    fc.assert(
      fc.property(fc.string({ size: 'max', maxLength: 2_000 }), address, (text, who) => {
        const cause = causeOf(`${text} ${who}`);
        expect(causeOf(cause)).toBe(cause);
      }),
    );
  });
});
