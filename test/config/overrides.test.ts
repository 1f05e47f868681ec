import { describe, expect, it } from 'vitest';
import { createConfigFolder, sound } from './config-folder.ts';

describe('a value from the environment', () => {
  it('takes its place whatever the case and the single underscores', async () => {
    await using folder = await createConfigFolder();

    const { config } = await folder.load(sound(), {
      ROLLCALL__PROFILE_API__API_KEY: 'other',
      ROLLCALL__profileapi__PageSize: '200',
      ROLLCALL__SOURCES__CORP__PASSWORD: 'pw',
      ROLLCALL__SOURCES__HR_EXPORT__FILE: '/hr.ldif',
      ROLLCALL__GUARDS__PROTECTED: '[a@example.com, "7"]',
      ROLLCALL__REDIS__URL: 'redis://redis',
      ROLLCALL__PROFILEAPI__RATELIMIT: '{ max: 3, per: 1m }',
    });

    expect(config.profileApi).toMatchObject({
      apiKey: 'other',
      pageSize: 200,
      rateLimit: { max: 3, per: 60_000 },
    });
    expect(config.sources).toMatchObject([{ password: 'pw' }, { file: '/hr.ldif' }]);
    expect(config.guards.protected).toEqual(['a@example.com', '7']);
    expect(config.redis).toMatchObject({ url: 'redis://redis' });
  });

  it.each([
    '12345',
    'true',
    '# x',
    'a: b',
    '*star',
    '"quoted"',
    ' space ',
    '{',
    '',
  ])('is taken to the letter where only text may stand: %j', async (password) => {
    await using folder = await createConfigFolder();

    const { config } = await folder.load(sound(), { ROLLCALL__SOURCES__CORP__PASSWORD: password });

    expect(config.sources).toMatchObject([{ password }, {}]);
  });

  it('may be a mapping rule, of any kind', async () => {
    await using folder = await createConfigFolder();

    const { config } = await folder.load(sound('mapping: { userName: uid }'), {
      ROLLCALL__MAPPING__USERNAME: 'user.uid + ": " + user.cn',
      ROLLCALL__MAPPING__AGE: '7',
      ROLLCALL__MAPPING__jobTitle: 'title',
    });

    expect(config.mapping).toEqual({ userName: 'user.uid + ": " + user.cn', age: 7, jobTitle: 'title' });
  });

  it('is blamed by its name when it is wrong', async () => {
    await using folder = await createConfigFolder();

    const problems = await folder.problemsOf(sound(), { ROLLCALL__SERVER__PORT: 'many' });

    expect(problems).toEqual([
      {
        file: 'ROLLCALL__SERVER__PORT',
        line: undefined,
        column: undefined,
        path: 'server.port',
        message: expect.stringContaining('must be a number'),
      },
    ]);
  });
});

describe('a name that fits no key', () => {
  it.each([
    ['ROLLCALL__PROFILEAPI__APIKEI', /APIKEI is no key of profileApi\. Did you mean apiKey\?/],
    ['ROLLCALL__SOURCES__CROP__PASSWORD', /CROP is no key of sources\. Did you mean corp\?/],
    ['ROLLCALL__NOTHING', /NOTHING is no key of the configuration/],
    ['ROLLCALL__LOG__LEVEL__DEEPER', /DEEPER is no key of log\.level/],
    ['ROLLCALL__', /is no key/],
  ])('%s', async (variable, message) => {
    await using folder = await createConfigFolder();

    const problems = await folder.problemsOf(sound(), { [variable]: 'canary' });

    expect(problems).toMatchObject([{ file: variable, message: expect.stringMatching(message) }]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it('is an error also where two names mean the same key', async () => {
    await using folder = await createConfigFolder();

    const problems = await folder.problemsOf(sound(), {
      ROLLCALL__LOG__LEVEL: 'info',
      ROLLCALL__LO_G__LEVEL: 'warn',
    });

    expect(problems).toMatchObject([
      { path: 'log.level', message: expect.stringContaining('gives the same key') },
    ]);
  });
});
