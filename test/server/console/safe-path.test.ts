import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safePath } from '../../../src/server/console/safe-path.ts';

const here = 'https://rollcall.example';

test.each([
  '/',
  '/people?who=ann%40example.com',
  '/people/corp/a%2Fb',
  '/runs/k3v9m2wt?page=2#top',
])('a path of the console is gone to: %s', (path) => expect(safePath(path)).toBe(path));

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  '',
  'people',
])('whatever is none leads to the overview: %j', (path) => expect(safePath(path)).toBe('/'));

test('whatever is asked for, a browser stays here', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom('/', '\\', '\t', '\n', '\r', ' ', '@', ':', 'evil.example', '.', '%2f', '?'),
      fc.string(),
    ),
    { size: 'max', maxLength: 12 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      for (const path of [parts.join(''), `/${parts.join('')}`])
        expect(new URL(safePath(path), `${here}/sign-in`).origin).toBe(here);
    }),
  );
});
