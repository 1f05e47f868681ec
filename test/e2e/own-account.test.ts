import { expect, test } from 'vitest';
import { setStage } from './stage.ts';

const sources = '  - { id: people, type: ldif, file: people.ldif }';

const effectsOf = (stage: Awaited<ReturnType<typeof setStage>>) =>
  stage.sandbox.effects.map(({ kind, changed }) => [kind, ...changed].join(' '));

test('setup changes the account of the key alone, and shows it', async () => {
  await using stage = await setStage({ sources, combination: 'PostgreSQL and Redis' });

  const { code, stdout } = await stage.rollcall(
    'setup',
    '--preference',
    'language=en',
    'digest=false',
    '--profile',
    'phone=+43 1 234',
  );

  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('profile_id') });
  expect(effectsOf(stage)).toEqual(['own-account-edited language digest', 'own-account-edited phone']);
  expect(stage.sandbox.users[0]?.extras).toMatchObject({ language: 'en', digest: false, phone: '+43 1 234' });
  const audit = await stage.rollcall('--json', 'audit', 'list');
  expect(audit.stdout).toContain('account.set-up');
});

test.each([
  ['nothing', []],
  ['no value', ['--profile', 'phone']],
  ['a password', ['--profile', 'password=secret']],
  ['its own end', ['--profile', 'is_active=false']],
])('setup of %s is refused before anything is sent', async (_what, options) => {
  await using stage = await setStage({ sources, combination: 'PostgreSQL and Redis' });

  const { code } = await stage.rollcall('setup', ...options);

  expect(code).toBe(2);
  expect(stage.sandbox.effects).toEqual([]);
});

test.each([
  [true, 'session.ended', ['logged-out']],
  [false, 'service.stopped', []],
] as const)('a service that stops ends the session of its key if told so: %s', async (logout, event, effects) => {
  await using stage = await setStage({
    sources,
    combination: 'PostgreSQL and Redis',
    env: { ROLLCALL__PROFILE_API__LOGOUT: String(logout) },
  });
  const service = stage.startService();
  await service.untilEvent('service.started');

  await service.kill('SIGTERM');

  expect(service.log.join('\n')).toContain(event);
  expect(stage.sandbox.effects.map(({ kind }) => kind)).toEqual(effects);
});

test('a session that can not be ended keeps nothing from stopping', async () => {
  await using stage = await setStage({
    sources,
    combination: 'PostgreSQL and Redis',
    env: { ROLLCALL__PROFILE_API__LOGOUT: 'true' },
  });
  stage.sandbox.fault({ operation: 'logout', effect: { kind: 'status', status: 500 } });
  const service = stage.startService();
  await service.untilEvent('service.started');

  await service.kill('SIGTERM');

  expect(service.log.join('\n')).toContain('session.not-ended');
});
