/** Who may come in, and from where: what the configuration lets nobody get wrong. */
import { describe, expect, test } from 'vitest';
import { server } from '../../config/sections/server.ts';

const oidc = {
  issuer: 'https://sso.example.com',
  clientId: 'rollcall',
  clientSecret: 'secret',
  roles: { viewer: ['it'] },
};
const publicUrl = 'https://rollcall.example.com';
const mistakes = (given: unknown): readonly string[] =>
  server.safeParse(given).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];

describe('single sign-on', () => {
  test('needs the address to which people come back', () => {
    expect(mistakes({ oidc })).toEqual([expect.stringContaining('publicUrl is needed with oidc')]);
    expect(mistakes({ oidc, publicUrl })).toEqual([]);
  });

  test.each([
    ['https://sso.example.com/realms/staff', true],
    ['http://localhost:9000', true],
    ['http://127.0.0.1:9000/x', true],
    ['http://[::1]:9000', true],
    ['http://sso.example.com', false],
    ['http://localhost.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['http://localhost@evil.example', false],
    ['ftp://sso.example.com', false],
    ['sso.example.com', false],
  ])('has an issuer whom nobody on the way can play, but on this machine: %s', (issuer, isFine) => {
    expect(mistakes({ oidc: { ...oidc, issuer }, publicUrl }).length === 0).toBe(isFine);
  });
});

test('a token that could be guessed, or two of one name, are refused', () => {
  const token = 'a'.repeat(24);

  expect(mistakes({ tokens: [{ name: 'anna', token: 'short' }] })[0]).toContain('openssl rand');
  expect(
    mistakes({
      tokens: [
        { name: 'a', token },
        { name: 'a', token: `${token}b` },
      ],
    })[0],
  ).toContain('name of its own');
  expect(mistakes({ tokens: [{ name: 'cli:anna', token }] })).toHaveLength(1);
});
