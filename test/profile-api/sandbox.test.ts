/** The client against the sandbox: an org with the whole API, over real HTTP. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Profile } from '../../src/profile-api/profile.ts';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { apiKey, client, findOne } from './test-server.ts';

async function org(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ port: 0, apiKey, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, api: client(sandbox.url) };
}

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ email: `user${index}@example.com` }));

const ada = {
  email: 'ada@example.com',
  username: 'ada@example.com',
  name: 'Ada',
  first_name: 'Ada',
  is_active: true,
};

describe('the client against an org', () => {
  it('creates somebody, finds them, edits them, and sees the change', async () => {
    const { sandbox, api } = await org({ users: people(30) });

    const { userId } = await api.create(ada, { password: 'Löwe 🦁 1' });
    const created = await findOne(api, { userId, email: ada.email });
    if (created === undefined) throw new Error('not found');
    const before = await api.get(created.profileId);
    await api.edit(before.profileId, { ...before.attributes, is_active: false });
    const after = await api.get(before.profileId);

    expect(before).toMatchObject({ email: ada.email, userId, isActive: true });
    expect(after.isActive).toBe(false);
    expect({ ...after.attributes, is_active: true }).toEqual(before.attributes);
    expect(sandbox.effects.map((effect) => effect.kind)).toEqual(['created', 'deactivated']);
  });

  it.each([
    'bare',
    'results',
    'data',
    'nested',
  ] as const)('lists everybody in a body of shape %s', async (listShape) => {
    const { sandbox, api } = await org({ users: people(37), listShape, maxItemsPerPage: 7 });
    const profiles: Profile[] = [];
    let settled = false;

    for await (const event of api.listProfiles()) {
      if (event.kind === 'profiles') profiles.push(...event.profiles);
      else settled = event.settled;
    }

    expect(settled).toBe(true);
    expect(profiles.map((one) => String(one.profileId)).toSorted()).toEqual(
      sandbox.users.map((one) => one.profile.profile_id).toSorted(),
    );
  });

  it('gives everybody who was there all along, while people come and go', async () => {
    const { sandbox, api } = await org({ users: people(60) });
    const staying = new Set(sandbox.users.slice(30).map((one) => one.profile.profile_id));
    const seen = new Set<string>();
    let settled = false;
    let toRemove = 3;

    for await (const event of api.listProfiles()) {
      if (event.kind === 'end') settled = event.settled;
      else for (const profile of event.profiles) seen.add(profile.profileId);
      if (toRemove > 0) {
        toRemove -= 1;
        sandbox.removeUser(`user${toRemove}@example.com`);
      }
    }

    expect(settled).toBe(true);
    expect([...staying].filter((id) => !seen.has(id))).toEqual([]);
  });

  it('invites, with a mail each time', async () => {
    const { sandbox, api } = await org({ roles: ['Manager'] });

    const answer = await api.invite('new@example.com', { role: 'Manager' });
    await api.invite('new@example.com', { role: 'Manager' });

    expect(answer.message).toBe('invitation sent');
    expect(sandbox.invitations).toMatchObject([{ email: 'new@example.com', role: 'Manager' }]);
    expect(sandbox.invitations[0]?.mails).toHaveLength(2);
  });

  it('uses every other endpoint', async () => {
    const { api } = await org({ users: people(3), roles: ['Manager'] });

    const own = await api.whoAmI();
    const list = await api.activeUserList();
    const posted = await api.activeUsers();
    const file = await api.downloadCsv();
    await api.setPreference({ theme: 'dark' });
    await api.setMyProfile({ phone: '1' });

    expect(list.profiles.map((one) => one.profileId)).toContain(own.profileId);
    expect(posted.profiles).toHaveLength(list.profiles.length);
    expect(await api.options()).toMatchObject({ roles: ['Manager'] });
    expect(new TextDecoder().decode(file.bytes)).toContain('user1@example.com');
    expect((await api.logout()).message).toBe('logged out');
  });

  it('sends CSV files as the org takes them, and gets the report of a bad one', async () => {
    const { sandbox, api } = await org();
    const csv = 'email,username,name\nnew@example.com,new@example.com,New\n';

    const checked = await api.validateCsv({ csv });
    const uploaded = await api.uploadCsv({ csv });
    const again = await api.uploadCsv({ csv });

    expect(checked.body).toMatchObject({ status: 'success', valid: 1 });
    expect(uploaded.body).toMatchObject({ status: 'success', created: 1 });
    expect(sandbox.find('new@example.com')).toBeDefined();
    expect(again.body).toMatchObject({ status: 'error', errors: [expect.anything()] });
  });

  it('deletes for good: the profile is not found after it', async () => {
    const { sandbox, api } = await org({ users: people(1) });
    const profile = await findOne(api, { email: 'user0@example.com' });
    if (profile === undefined) throw new Error('not found');

    await api.delete(profile.profileId);

    expect(sandbox.find('user0@example.com')).toBeUndefined();
    await expect(api.get(profile.profileId)).rejects.toMatchObject({ answer: { kind: 'not-found' } });
  });

  it('knows a full licence, a bad record and a refused key apart', async () => {
    const { sandbox, api } = await org({ licences: 2 });
    await api.create(ada);

    await expect(api.create({ ...ada, email: 'b@example.com', username: 'b' })).rejects.toMatchObject({
      answer: { kind: 'licence-full' },
    });
    await expect(api.create({ name: 'Nobody' })).rejects.toMatchObject({
      answer: { kind: 'bad-record', sentence: expect.stringMatching(/^Please provide/) },
    });
    await expect(client(sandbox.url, { apiKey: 'wrong' }).whoAmI()).rejects.toMatchObject({
      answer: { kind: 'refused', status: 401 },
    });
  });

  it('does not know whether a create happened when the connection drops, before or after it did', async () => {
    const { sandbox, api } = await org();

    for (const when of ['before', 'after'] as const) {
      sandbox.fault({ operation: 'create', times: 1, effect: { kind: 'drop', when } });
      await expect(api.create(ada)).rejects.toMatchObject({ answer: { kind: 'unknown-outcome' } });

      const found = await findOne(api, { email: ada.email });
      expect(found !== undefined).toBe(when === 'after');
    }
  });

  it('says that a create may have happened when a web page or broken JSON answers it', async () => {
    const { sandbox, api } = await org();

    for (const kind of ['html', 'wrong-json'] as const) {
      sandbox.fault({ operation: 'create', times: 1, effect: { kind, when: 'before' } });
      await expect(api.create(ada)).rejects.toMatchObject({
        answer: { kind: 'not-understood', mayHaveHappened: true },
      });
    }
  });

  it.each(['seconds', 'date'] as const)('reads Retry-After as %s', async (retryAfterForm) => {
    const { sandbox, api } = await org();
    const effect = { kind: 'status', status: 429, retryAfterSeconds: 40, retryAfterForm } as const;
    sandbox.fault({ operation: 'me', times: 1, effect });

    const error: unknown = await api.whoAmI().catch((caught: unknown) => caught);

    expect(error).toMatchObject({ answer: { kind: 'retry-later', reason: 'rate-limited' } });
    const wait = Reflect.get(Object(Reflect.get(Object(error), 'answer')), 'retryAfterMs');
    expect(wait).toBeGreaterThan(30_000);
    expect(wait).toBeLessThanOrEqual(41_000);
  });
});
