import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';

const folder = fileURLToPath(new URL('../../config/examples', import.meta.url));
const examples = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));

it('there are examples', () => {
  expect(examples).toEqual(
    expect.arrayContaining([
      'openldap.yaml',
      'active-directory.yaml',
      '389ds.yaml',
      'ldif.yaml',
      'production.yaml',
    ]),
  );
});

/** In files of the test, in place of those under /run/secrets. */
const secretsBeside = (text: string): string =>
  text.replaceAll(/\$\{file:[^}]+_url\}/g, '${file:url}').replaceAll(/\$\{file:\/[^}]+\}/g, '${file:secret}');

it.each(examples)('%s is valid, once its secrets are there', async (name) => {
  const scratch = await mkdtemp(join(tmpdir(), 'example-'));
  try {
    await writeFile(join(scratch, 'secret'), 'secret\n');
    await writeFile(join(scratch, 'url'), 'https://hooks.example.com/secret\n');
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(scratch, name), secretsBeside(text));
    const env = { ROLLCALL_API_KEY: 'key', LDAP_PASSWORD: 'password', ENTRA_CLIENT_SECRET: 'secret' };

    const { warnings } = await loadConfig({ file: join(scratch, name), env });

    expect(warnings).toEqual([]);
  } finally {
    await rm(scratch, { recursive: true });
  }
});

it.each(examples)('%s explains its keys', async (name) => {
  const lines = (await readFile(join(folder, name), 'utf8')).split('\n');

  expect(lines.filter((line) => line.trim().startsWith('#')).length).toBeGreaterThan(10);
});
