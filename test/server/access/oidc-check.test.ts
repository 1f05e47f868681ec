/** `rollcall check` tries the sign-in out against a real provider, and nobody signs in. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSignIn } from '../../../src/server/access/oidc/check.ts';
import { type OidcServer, startOidcServer } from '../../servers/oidc.ts';

const publicUrl = 'https://rollcall.example.com';

let provider: OidcServer;

beforeAll(async () => {
  provider = await startOidcServer({ people: {}, rollcall: publicUrl });
});
afterAll(async () => {
  await provider[Symbol.asyncDispose]();
});

const check = async (
  other: { readonly issuer?: string; readonly clientId?: string; readonly clientSecret?: string } = {},
) => {
  const { issuer, clientId, clientSecret } = { ...provider, ...other };
  const more = { scopes: 'openid', label: 'SSO', nameClaim: 'email', rolesClaim: 'groups' };
  const roles = { viewer: [], operator: [], approver: [] };
  return await checkSignIn({ oidc: { issuer, clientId, clientSecret, ...more, roles }, publicUrl });
};

test('a provider that is as it is configured is well', async () => {
  expect(await check()).toEqual([
    { ok: true, text: `${provider.issuer} answers, and is the issuer that it says.`, mend: undefined },
    { ok: true, text: 'It knows Rollcall as rollcall, and takes its secret.', mend: undefined },
  ]);
});

test.each([
  [
    'another secret',
    { clientSecret: 'one-that-has-expired' },
    /does not accept Rollcall's own client id and secret/,
  ],
  ['another client', { clientId: 'somebody-else' }, /does not accept Rollcall's own client id and secret/],
])('%s is not taken, which is said without the secret', async (_what, other, sentence) => {
  const findings = await check(other);

  expect(findings).toEqual([
    { ok: false, text: expect.stringMatching(sentence), mend: expect.stringContaining('server.oidc') },
  ]);
  expect(JSON.stringify(findings)).not.toContain('one-that-has-expired');
});

test('an address under which it is not known is another issuer', async () => {
  const [finding] = await check({ issuer: provider.issuer.replace('localhost', '127.0.0.1') });

  expect(finding).toMatchObject({ ok: false, text: expect.stringContaining('server.oidc.issuer') });
});

test('a provider that is down is said to be so; where none is configured, nothing is said', async () => {
  await provider.stop();
  const [finding] = await check();
  await provider.start();

  expect(finding).toMatchObject({ ok: false, text: expect.stringContaining('does not answer') });
  expect(await checkSignIn({ oidc: undefined, publicUrl })).toEqual([]);
});
