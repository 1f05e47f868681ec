import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactConfig } from '../../config/index.ts';
import { createConfigFolder, sound } from './config-folder.ts';

it('hides keys, passwords, and what stands before the @ of an address', async () => {
  await using folder = await createConfigFolder();
  const { config } = await folder.load(
    sound(
      'database: { url: "postgres://u:p@ss@h/d?sslmode=require&password=x" }\nredis: { url: "rediss://:pw@redis" }',
    ),
    { ROLLCALL__SOURCES__CORP__PASSWORD: 'pw' },
  );

  const shown = redactConfig(config);

  expect(shown).toMatchObject({
    profileApi: { url: 'https://app.example.com', apiKey: '***', pageSize: 500 },
    sources: [{ password: '***', baseDn: 'dc=example,dc=com' }, {}],
    database: { url: 'postgres://***@h/d?sslmode=require&password=***' },
    redis: { url: 'rediss://***@redis' },
  });
});

it('keeps everything else, and leaves the configuration as it is', async () => {
  await using folder = await createConfigFolder();
  const { config } = await folder.load(sound());
  const before = structuredClone(config);

  const shown = redactConfig(config);

  expect(config).toEqual(before);
  expect(shown).toEqual({
    ...before,
    profileApi: { ...before.profileApi, apiKey: '***' },
  });
});

it('lets no secret through, wherever it stands', () => {
  const secret = fc.stringMatching(/^[\w@/:?-]{8,20}$/).map((text) => `canary${text}`);
  fc.assert(
    fc.property(secret, (text) => {
      const shown = redactConfig({
        password: text,
        list: [{ apiKey: text, clientSecret: { value: text } }],
        url: `https://user:${text}@host/path`,
      });
      expect(JSON.stringify(shown)).not.toContain('canary');
    }),
  );
});
