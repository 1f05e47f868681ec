import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../config/index.ts';
import { createConfigFolder, sound } from './config-folder.ts';

describe('a sound configuration', () => {
  it('is read, with defaults, from the file named', async () => {
    await using folder = await createConfigFolder();

    const { config, file, warnings } = await folder.load(sound());

    expect(file).toBe(folder.file);
    expect(config.profileApi).toMatchObject({ apiKey: 'key', pageSize: 500, timeout: 30_000 });
    expect(warnings).toEqual([]);
  });

  it('is found through ROLLCALL_CONFIG, relative to the folder of the command', async () => {
    await using folder = await createConfigFolder();
    await folder.write('other.yaml', sound());

    const { file } = await loadConfig({ env: { ROLLCALL_CONFIG: 'other.yaml' }, cwd: folder.folder });

    expect(file).toBe(join(folder.folder, 'other.yaml'));
  });

  it('has its relative paths beside the file, and the default store where the command is', async () => {
    await using folder = await createConfigFolder();

    const { config } = await folder.load(sound(), {
      ROLLCALL__SOURCES__CORP__TLS__CA: 'ca.pem',
      ROLLCALL__PROFILEAPI__CA: '/etc/ca.pem',
    });

    expect(config.sources).toMatchObject([
      { tls: { ca: join(folder.folder, 'ca.pem') } },
      { file: join(folder.folder, 'people.ldif') },
    ]);
    expect(config.profileApi.ca).toBe('/etc/ca.pem');
    expect(config.database).toEqual({ path: '/somewhere/data/store' });
    const { config: stored } = await folder.load(sound('database: { path: store }'));
    expect(stored.database).toEqual({ path: join(folder.folder, 'store') });
  });

  it('may share parts by alias, which an override does not mix up', async () => {
    await using folder = await createConfigFolder();
    const yaml = sound('lifecycle: { grace: &day 24h }\nguards: { planExpiry: *day }');

    const { config } = await folder.load(yaml, { ROLLCALL__GUARDS__PLANEXPIRY: '1h' });

    expect(config.lifecycle.grace).toBe(86_400_000);
    expect(config.guards.planExpiry).toBe(3_600_000);
  });

  it.each([
    ['correlation: [email]', 1],
    ['correlation: [email, employee-number]', 0],
    ['lifecycle: { handOver: correlation }', 0],
  ])('warns of a precedence without anything that joins people: %s', async (joins, count) => {
    await using folder = await createConfigFolder();

    const { warnings } = await folder.load(sound(`${joins}\nprecedence: { name: [corp] }`));

    expect(warnings.filter((one) => one.startsWith('precedence has no effect'))).toHaveLength(count);
  });

  it('warns of what was switched off, and of references that are none', async () => {
    await using folder = await createConfigFolder();

    const { warnings } = await folder.load(sound('scope: "${SCOPE}"'), {
      ROLLCALL__PROFILEAPI__INSECURESKIPTLSVERIFY: 'true',
      ROLLCALL__GUARDS__MAXEDITS__PERCENT: '100',
      ROLLCALL__SOURCES__CORP__TLS__INSECURESKIPVERIFY: 'true',
      ROLLCALL__SOURCES__CORP__TLS__ALLOWPLAINTEXT: 'true',
      ROLLCALL__SOURCES__CORP__URL: 'ldap://ldap.example.com',
    });

    expect(warnings).toEqual([
      expect.stringContaining('profileApi.insecureSkipTlsVerify'),
      expect.stringContaining('guards.maxEdits.percent is 100'),
      expect.stringContaining('tls.insecureSkipVerify'),
      expect.stringContaining('tls.allowPlaintext'),
      expect.stringContaining('scope holds a ${...}'),
    ]);
  });
});

describe('a file that is missing or no YAML', () => {
  it('is named, with the way to begin', async () => {
    const loading = loadConfig({ env: {}, cwd: '/nowhere' });

    await expect(loading).rejects.toBeInstanceOf(ConfigError);
    await expect(loading).rejects.toThrow(
      /^\/nowhere\/config\/rollcall\.yaml: there is no configuration.*examples/,
    );
  });

  it.each([
    ['a key given twice', 'log: { level: info }\nlog: { level: info }', 13, 1, /given twice/],
    ['a tab', 'log:\n\tlevel: info', 13, 1, /tab|indent/],
    ['two documents', '---\nlog: {}', 12, 1, /second document/],
    ['a key that JavaScript would swallow', 'mapping: { email: mail, __proto__: mail }', 12, 25, /__proto__/],
    ['an alias to nothing', 'scope: *all', 12, 8, /quotes/],
    ['a tag', 'scope: !all x', 12, 8, /quotes/],
    ['an open quote', 'scope: "x', undefined, undefined, /quote/],
    ['an open bracket', 'correlation: [email', undefined, undefined, /bracket/],
  ])('%s', async (_, more, line, column, message) => {
    await using folder = await createConfigFolder();

    const [problem] = await folder.problemsOf(sound(more));

    expect(problem).toMatchObject({ file: folder.file, message: expect.stringMatching(message) });
    if (line !== undefined) expect(problem).toMatchObject({ line, column });
  });

  it('an alias bomb', async () => {
    await using folder = await createConfigFolder();
    const levels = Array.from({ length: 9 }, (_, n) => `x${n + 1}: &x${n + 1} [${Array(10).fill(`*x${n}`)}]`);

    const problems = await folder.problemsOf(['x0: &x0 [1]', ...levels].join('\n'));

    expect(problems).toMatchObject([{ message: expect.stringContaining('alias') }]);
  });

  it('bytes that are no UTF-8, an empty file, and a list', async () => {
    await using folder = await createConfigFolder();

    expect(await folder.problemsOf(Buffer.from('scope: "M\xfcller"', 'latin1'))).toMatchObject([
      { message: expect.stringContaining('UTF-8') },
    ]);
    expect(await folder.problemsOf('')).toMatchObject([{ path: 'profileApi' }, { path: 'sources' }]);
    expect(await folder.problemsOf('- a')).toMatchObject([
      { path: '', message: expect.stringContaining('a list') },
    ]);
  });
});

describe('references', () => {
  it('are replaced by text that is not read again', async () => {
    await using folder = await createConfigFolder();
    await folder.write('secret', '  {a: ${env:B}} #\n');
    const yaml = sound('scope: "user.x == \'${env:A}\' || $${env:A}"').replace('key', '${file:secret}');

    const { config } = await folder.load(yaml, { A: '*a', B: 'wrong' });

    expect(config.profileApi.apiKey).toBe('  {a: ${env:B}} #');
    expect(config.scope).toBe("user.x == '*a' || ${env:A}");
  });

  it('that lead nowhere are named with their place, once', async () => {
    await using folder = await createConfigFolder();
    const yaml = sound('database:\n  url: postgres://u:${file:nothing}@h/d').replace(
      'https://app.example.com',
      '${env:APP}',
    );

    const problems = await folder.problemsOf(yaml);

    expect(problems).toEqual([
      {
        file: folder.file,
        line: 2,
        column: 8,
        path: 'profileApi.url',
        message: expect.stringContaining('environment variable APP is not set'),
      },
      {
        file: folder.file,
        line: 13,
        column: 8,
        path: 'database.url',
        message: expect.stringContaining(`${join(folder.folder, 'nothing')} does not exist`),
      },
    ]);
  });
});
