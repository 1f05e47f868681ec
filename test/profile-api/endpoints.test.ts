import { describe, expect, it } from 'vitest';
import { decodePassword } from '../../src/profile-api/password.ts';
import type { ProfileId } from '../../src/profile-api/profile.ts';
import type { ProfileApi } from '../../src/profile-api/profile-api.ts';
import { apiKey, client, serve, wireProfile } from './test-server.ts';

const id = (text: string) => text as ProfileId;
const root = '/ux/common/user/profile/';

describe('each endpoint', () => {
  const cases: readonly [string, string, string, unknown, (api: ProfileApi) => Promise<unknown>][] = [
    ['list page', 'GET', '', [wireProfile(1)], (api) => api.listPage({ page: 1 })],
    ['create', 'POST', '', { user_id: 1 }, (api) => api.create({ email: 'a@example.com' })],
    ['get', 'GET', 'p1/', wireProfile(1), (api) => api.get(id('p1'))],
    ['edit', 'PUT', 'p1/', wireProfile(1), (api) => api.edit(id('p1'), { is_active: false })],
    ['delete', 'DELETE', 'p1/', '', (api) => api.delete(id('p1'))],
    ['invite', 'POST', 'user_invite/', { status: 'success' }, (api) => api.invite('a@example.com')],
    ['who am I', 'GET', 'getmyprofile/', wireProfile(1), (api) => api.whoAmI()],
    ['options', 'GET', 'options/', { roles: [] }, (api) => api.options()],
    ['active user list', 'GET', 'activeuser_list/', [wireProfile(1)], (api) => api.activeUserList()],
    ['active users', 'POST', 'active_users/', [wireProfile(1)], (api) => api.activeUsers()],
    ['validate CSV', 'POST', 'validate_csv/', { valid: 1 }, (api) => api.validateCsv({ csv: 'email\n' })],
    ['upload CSV', 'POST', 'upload_csv/', { created: 1 }, (api) => api.uploadCsv({ csv: 'email\n' })],
    ['download CSV', 'GET', 'download_csv/', 'email\n', (api) => api.downloadCsv()],
    ['preference', 'POST', 'preference/', {}, (api) => api.setPreference({ theme: 'dark' })],
    ['my profile', 'POST', 'myprofile/', {}, (api) => api.setMyProfile({ phone: '1' })],
    ['logout', 'POST', 'logout/', {}, (api) => api.logout()],
  ];

  it.each(cases)('%s goes to its address, with the key', async (_name, method, path, body, call) => {
    const server = await serve(() => ({ body }));

    await call(client(server.url));

    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({ method, url: { pathname: root + path } });
    expect(server.received[0]?.headers.authorization).toBe(apiKey);
  });
});

describe('requests', () => {
  it.each([
    '',
    '/',
    '/some/path',
    '/some/path/',
    '/ux/common/user/profile/',
  ])('go to the right place below an address that ends in "%s"', async (path) => {
    const server = await serve(() => ({ body: wireProfile(1) }));

    await client(server.url + path).whoAmI();

    const front = path.startsWith('/some') ? '/some/path' : '';
    expect(server.received[0]?.url.pathname).toBe(`${front}${root}getmyprofile/`);
  });

  it('carry the scheme before the key where one is configured', async () => {
    const server = await serve(() => ({ body: wireProfile(1) }));

    await client(server.url, { authScheme: 'ApiKey' }).whoAmI();

    expect(server.received[0]?.headers.authorization).toBe(`ApiKey ${apiKey}`);
  });

  it('wait for the pace, each of them, and slow everybody down when the server asks for it', async () => {
    const server = await serve(() => ({ status: 429, headers: { 'retry-after': '3' } }));
    const events: string[] = [];
    const pace = {
      take: async () => void events.push(`take, ${server.received.length} sent`),
      slowDown: (ms: number) => void events.push(`slow down ${ms}`),
      tooMany: (ms: number | undefined) => void events.push(`too many, wait ${ms}`),
    };
    const api = client(server.url, {}, { pace });

    await expect(api.whoAmI()).rejects.toMatchObject({ answer: { kind: 'retry-later' } });
    await expect(api.logout()).rejects.toMatchObject({ answer: { kind: 'retry-later' } });

    const told = ['too many, wait 3000', 'slow down 3000'];
    expect(events).toEqual(['take, 0 sent', ...told, 'take, 1 sent', ...told]);
  });

  it.each([
    [429, ['too many']],
    [503, []],
  ])('tell the pace of too many requests also without a time to wait, and of nothing else (%i)', async (status, told) => {
    const server = await serve(() => ({ status }));
    const events: string[] = [];
    const pace = { take: async () => undefined, tooMany: () => void events.push('too many') };

    await expect(client(server.url, {}, { pace }).whoAmI()).rejects.toMatchObject({ answer: { status } });

    expect(events).toEqual(told);
  });

  it('keep their connection alive', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve(() => (response) => {
      ports.add(response.socket?.remotePort);
      response.end(JSON.stringify(wireProfile(1)));
    });
    const api = client(server.url);

    for (let count = 0; count < 5; count += 1) await api.whoAmI();

    expect(ports.size).toBe(1);
  });
});

describe('an id', () => {
  it.each([
    'a/b',
    'a?b=c#d',
    '../../admin',
    'a%2fb',
    'ä b',
  ])('"%s" stays one step of the path', async (text) => {
    const server = await serve(() => ({ body: wireProfile(1, { profile_id: text }) }));

    await client(server.url).get(id(text));

    const pathname = server.received[0]?.url.pathname ?? '';
    expect(pathname.slice(root.length)).toBe(`${encodeURIComponent(text)}/`);
  });

  it.each([
    '',
    '.',
    '..',
    'options',
    'logout',
    '\ud800',
  ])('"%s" is refused before anything is sent', async (text) => {
    const server = await serve(() => ({}));

    await expect(client(server.url).delete(id(text))).rejects.toMatchObject({
      name: 'ProfileApiError',
      answer: { kind: 'bad-record' },
    });

    expect(server.received).toHaveLength(0);
  });
});

describe('a create', () => {
  it('sends the password encoded, twice, and tells the user id', async () => {
    const server = await serve(() => ({
      status: 201,
      body: { status: 'success', user_id: 20, message: 'user created' },
    }));

    const answer = await client(server.url).create({ email: 'a@example.com' }, { password: 'Secret-1' });

    const sent = JSON.parse(server.received[0]?.body ?? '');
    expect(answer).toMatchObject({ userId: 20, message: 'user created' });
    expect(sent.email).toBe('a@example.com');
    expect(decodePassword(sent.password)).toBe('Secret-1');
    expect(decodePassword(sent.confirm_password)).toBe('Secret-1');
  });

  it('makes a password up where none is given', async () => {
    const server = await serve(() => ({ status: 201, body: { user_id: '21' } }));

    const answer = await client(server.url).create({ email: 'a@example.com' });

    expect(answer.userId).toBe(21);
    expect(decodePassword(JSON.parse(server.received[0]?.body ?? '').password)).toHaveLength(24);
  });

  it('does not tell the password when the server repeats it in its refusal', async () => {
    const server = await serve(({ body }) => ({
      status: 400,
      body: { error: `${JSON.parse(body).password} is Secret-1` },
    }));

    const error = await client(server.url)
      .create({ email: 'a@example.com' }, { password: 'Secret-1' })
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({ answer: { kind: 'bad-record', sentence: '[secret] is [secret]' } });
  });
});

describe('a profile', () => {
  it('keeps every property that came, by its name on the wire', async () => {
    const wire = wireProfile(1, { unheard_of: { deep: [1, null] }, email: null, is_active: false });
    const server = await serve(() => ({ body: wire }));

    const profile = await client(server.url).get(id('p1'));

    expect(profile).toEqual({
      profileId: 'p1',
      userId: 1,
      email: undefined,
      isActive: false,
      attributes: wire,
    });
  });

  it('may have its ids as numbers or as text', async () => {
    const server = await serve(() => ({ body: { profile_id: 7, user: '12' } }));

    expect(await client(server.url).get(id('7'))).toMatchObject({
      profileId: '7',
      userId: 12,
      isActive: true,
    });
  });

  it('of somebody else is never taken for the one that was asked for', async () => {
    const server = await serve(() => ({ body: wireProfile(2) }));

    await expect(client(server.url).get(id('p1'))).rejects.toMatchObject({
      answer: { kind: 'not-understood' },
      message: expect.stringContaining('the answer is the profile p2'),
    });
    expect(await client(server.url).edit(id('p1'), {})).toBeUndefined();
  });
});

describe('active users', () => {
  it('are read from any shape of list, or from a single profile', async () => {
    const bodies = [
      { count: 1, results: [wireProfile(1)] },
      [wireProfile(1), { name: 'No Id' }],
      wireProfile(1),
    ];
    const server = await serve(() => ({ body: bodies.shift() }));
    const api = client(server.url);

    expect(await api.activeUserList()).toMatchObject({ profiles: [{ profileId: 'p1' }], total: 1 });
    expect(await api.activeUsers()).toMatchObject({
      profiles: [{ profileId: 'p1' }],
      unreadable: [{ name: 'No Id' }],
    });
    expect(await api.activeUserList()).toMatchObject({ profiles: [{ profileId: 'p1' }] });
  });
});

describe('CSV files', () => {
  it('go up as one file in a form of known length', async () => {
    const server = await serve(() => ({ body: { created: 1 } }));

    await client(server.url).uploadCsv({
      csv: 'email\nä@example.com\n',
      fileName: 'first.csv',
      field: 'csv',
    });

    const sent = server.received[0];
    expect(sent?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(sent?.headers['content-length']).toMatch(/^\d+$/);
    expect(sent?.body).toContain('name="csv"; filename="first.csv"');
    expect(sent?.body).toContain('email\nä@example.com\n');
  });

  it('come down byte for byte, and never as nothing or as a web page', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x41, 0x00]);
    const answers = [bytes, '', '<html>sign in</html>'];
    const server = await serve(() => (response) => {
      response.setHeader('content-type', 'text/csv').end(answers.shift());
    });
    const api = client(server.url);

    const file = await api.downloadCsv();

    expect(Buffer.from(file.bytes)).toEqual(bytes);
    expect(file.mediaType).toBe('text/csv');
    await expect(api.downloadCsv()).rejects.toMatchObject({ answer: { kind: 'not-understood' } });
    await expect(api.downloadCsv()).rejects.toMatchObject({ answer: { kind: 'not-understood' } });
  });
});
