import { describe, expect, test } from 'vitest';
import { org } from './client.ts';

describe('POST user_invite/', () => {
  test('sends a mail to each address, and makes no profile yet', async () => {
    const { sandbox, send } = await org();

    const answer = await send('POST', 'user_invite/', {
      emails: ['ada@example.com', 'bob@example.com'],
      role: 'User',
    });

    expect(answer.status).toBe(200);
    expect(sandbox.users).toHaveLength(1);
    expect(sandbox.invitations).toMatchObject([
      { email: 'ada@example.com', role: 'User', state: 'pending' },
      { email: 'bob@example.com', role: 'User', state: 'pending' },
    ]);
    expect(sandbox.effects.map((effect) => [effect.kind, effect.email])).toEqual([
      ['invited', 'ada@example.com'],
      ['invited', 'bob@example.com'],
    ]);
  });

  test('sends a second mail when it is asked a second time', async () => {
    const { sandbox, send } = await org();
    const body = { email: 'ada@example.com', role: 'User' };

    await send('POST', 'user_invite/', body);
    await send('POST', 'user_invite/', { ...body, email: 'Ada@example.com' });

    expect(sandbox.invitations).toHaveLength(1);
    expect(sandbox.invitations[0]?.mails).toHaveLength(2);
    expect(sandbox.effects.map((effect) => effect.kind)).toEqual(['invited', 'invited']);
  });

  test.each([
    ['nobody', { role: 'User' }, 'Please provide email.'],
    ['an address that is none', { emails: ['ada'], role: 'User' }, 'Please provide a valid email.'],
    ['without a role', { email: 'ada@example.com' }, 'Please provide role.'],
    ['with an unknown role', { email: 'ada@example.com', role: 'Emperor' }, 'Please provide a valid role.'],
    [
      'somebody who is there already',
      { emails: ['ada@example.com', 'GRACE@example.com'], role: 'User' },
      'A user with this email already exists.',
    ],
  ])('refuses to invite %s, and sends no mail at all', async (_what, body, sentence) => {
    const { sandbox, send } = await org({ users: [{ email: 'grace@example.com' }] });

    const answer = await send('POST', 'user_invite/', body);

    expect([answer.status, answer.json]).toEqual([400, { error: sentence }]);
    expect([sandbox.invitations, sandbox.effects]).toEqual([[], []]);
  });

  test('to whoever has the profile that it names is a mail, and no second profile', async () => {
    const { sandbox, send } = await org({ users: [{ email: 'grace@example.com', profile_id: 'g1' }] });
    const body = { role: 'User', profile_id: 'g1' };

    const answer = await send('POST', 'user_invite/', { ...body, email: 'grace@example.com' });
    const other = await send('POST', 'user_invite/', { ...body, email: 'ada@example.com' });
    sandbox.acceptInvitation('grace@example.com');

    expect([answer.status, other.status]).toEqual([200, 400]);
    expect(sandbox.users.filter(({ profile }) => profile.email === 'grace@example.com')).toHaveLength(1);
    expect(sandbox.find('grace@example.com')?.profile.last_loggged_in).not.toBe('');
    expect(sandbox.effects.map((effect) => effect.kind)).toEqual(['invited', 'invitation-accepted']);
  });

  test('becomes a profile when it is accepted, once', async () => {
    const { sandbox, send } = await org();
    await send('POST', 'user_invite/', { email: 'ada@example.com', role: 'Viewer', phone: '1' });

    const { profile, extras } = sandbox.acceptInvitation('ADA@example.com');

    expect(profile).toMatchObject({ email: 'ada@example.com', is_active: true });
    expect(extras).toEqual({ role: 'Viewer', phone: '1' });
    expect(sandbox.invitations).toMatchObject([{ state: 'accepted' }]);
    expect(sandbox.effects.map((effect) => effect.kind)).toEqual(['invited', 'invitation-accepted']);
    expect(() => sandbox.acceptInvitation('ada@example.com')).toThrow('No invitation is pending');
  });

  test('expires after 36 hours, and works again after another mail', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const { sandbox, send } = await org({ now: () => now });
    const body = { email: 'ada@example.com', role: 'User' };
    await send('POST', 'user_invite/', body);

    now = new Date('2026-01-02T12:00:01Z');
    expect(() => sandbox.acceptInvitation('ada@example.com')).toThrow('has expired');
    await send('POST', 'user_invite/', body);

    expect(sandbox.acceptInvitation('ada@example.com').profile.is_active).toBe(true);
  });
});
