/** What an identity provider, or somebody between it and us, could say wrongly. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identityProvider } from '../../../src/server/access/oidc/provider.ts';
import { OidcError } from '../../../src/server/access/oidc/trouble.ts';
import { type StrangeProvider, startStrangeProvider } from './strange-provider.ts';

let strange: StrangeProvider;

beforeEach(async () => {
  strange = await startStrangeProvider();
});
afterEach(async () => {
  await strange[Symbol.asyncDispose]();
});

const configured = (issuer = strange.issuer, clientSecret = 'a: "secret" & more') => ({
  ...{ issuer, clientId: 'rollcall', clientSecret, scopes: 'openid email', label: 'SSO' },
  ...{ nameClaim: 'email', rolesClaim: 'groups', roles: { viewer: [], operator: [], approver: [] } },
});

const ours = (oidc = configured()) => identityProvider(oidc, 'https://rollcall.example.com');
const claims = { email: 'ann@example.com', groups: ['desk'] };

/** Through the provider and back. */
async function roundTrip(provider = ours()) {
  const { url, trail } = await provider.begin();
  strange.visit(url);
  return { trail, back: (query = `?code=c&state=${trail.state}`) => provider.finish(query, trail) };
}

const sentenceOf = async (work: Promise<unknown>): Promise<OidcError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OidcError) return error;
  throw new Error(`This is no refusal: ${String(error)}`);
};

test('somebody is sent there with PKCE, state and nonce, each anew, and to come back to the public address', async () => {
  const provider = ours();
  const [one, other] = [await provider.begin(), await provider.begin()];
  const { searchParams } = new URL(one.url);

  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: 'https://rollcall.example.com/sign-in/oidc/callback',
    scope: 'openid email',
    state: one.trail.state,
    nonce: one.trail.nonce,
  });
  expect(one.url).not.toContain(one.trail.verifier);
  for (const name of ['state', 'nonce', 'verifier'] as const)
    expect(one.trail[name]).not.toBe(other.trail[name]);
  expect(strange.asked.filter(({ path }) => path.startsWith('/.well-known'))).toHaveLength(1);
});

test('what a true token says is taken', async () => {
  const { back } = await roundTrip();
  strange.say(claims);

  expect(await back()).toMatchObject(claims);
});

test.each([
  ['in the header where it says nothing', undefined, { header: true, body: false }],
  ['in the body where it takes it so', ['client_secret_post'], { header: false, body: true }],
])('the client secret goes %s', async (_, methods, expected) => {
  strange.describe(methods === undefined ? {} : { token_endpoint_auth_methods_supported: methods });
  const { back } = await roundTrip();
  strange.say(claims);
  await back();

  const asked = strange.asked.find(({ path }) => path === '/token');
  expect({
    header: asked?.authorization?.startsWith('Basic ') ?? false,
    body: asked?.body.includes('client_secret=') ?? false,
  }).toEqual(expected);
});

describe('a token is not believed', () => {
  const hour = 3_600;
  const now = () => Math.floor(Date.now() / 1_000);

  test.each([
    ['for another sign-in', () => strange.say({ ...claims, nonce: 'another' }), 'not made for this sign-in'],
    ['without a nonce', () => strange.say({ ...claims, nonce: undefined }), ''],
    [
      'for another client',
      () => strange.say({ ...claims, aud: 'somebody-else' }),
      'not made for this sign-in',
    ],
    [
      'of another issuer',
      () => strange.say({ ...claims, iss: 'https://evil.example' }),
      'not made for this sign-in',
    ],
    [
      'that has expired: the clocks differ',
      () => strange.say({ ...claims, iat: now() - 2 * hour, exp: now() - hour }),
      'clocks',
    ],
    [
      'that is of the future: the clocks differ',
      () => strange.say({ ...claims, iat: now() + hour, exp: now() + 2 * hour, nbf: now() + hour }),
      'clocks',
    ],
    ['signed by somebody else', () => strange.say(claims, { key: 'foreign' }), ''],
    ['signed by nobody', () => strange.say(claims, { alg: 'none' }), ''],
    ['of nobody', () => strange.say({ ...claims, sub: undefined }), ''],
  ])('%s', async (_, lie, words) => {
    const { back } = await roundTrip();
    lie();

    const error = await sentenceOf(back());

    expect(error.message).toContain(words);
    expect(error.message).toMatch(/[.]$/);
    expect(error.message).not.toContain('undefined');
  });

  test('but clocks may differ by some seconds', async () => {
    const { back } = await roundTrip();
    strange.say({ ...claims, iat: now() + 15, nbf: now() + 15, exp: now() + hour });

    expect(await back()).toMatchObject(claims);
  });

  test('nor what comes back with another state, none, or two', async () => {
    const { back, trail } = await roundTrip();
    strange.say(claims);

    for (const query of [
      '?code=c&state=another',
      '?code=c',
      '',
      `?code=c&state=${trail.state}&state=${trail.state}`,
    ])
      expect((await sentenceOf(back(query))).status).toBe(400);
    expect(strange.asked.some(({ path }) => path === '/token')).toBe(false);
  });
});

describe('a provider that does not work', () => {
  test('is told as that, and asked again the next time', async () => {
    const silent = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const provider = ours(configured(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`));

    const [first, second] = [await sentenceOf(provider.begin()), await sentenceOf(provider.begin())];
    silent.close();

    for (const error of [first, second]) {
      expect(error.message).toContain('does not answer');
      expect(error).toMatchObject({ status: 502, isForOperator: true });
    }
  });

  test('and one that calls itself otherwise, or is none, is not taken for it', async () => {
    strange.describe({ issuer: 'https://evil.example' });
    expect((await sentenceOf(ours().begin())).message).toContain('server.oidc.issuer');

    const elsewhere = ours(configured(`${strange.issuer}/tenant`));
    expect((await sentenceOf(elsewhere.begin())).message).toContain('server.oidc.issuer');
  });

  test('no secret is in what is said of it', async () => {
    const { back } = await roundTrip();
    strange.say(claims, { key: 'foreign' });

    expect((await sentenceOf(back())).message).not.toContain('secret');
  });
});
