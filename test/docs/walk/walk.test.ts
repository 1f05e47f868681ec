/** The documents that a stranger begins with, gone through as they stand: what they say is printed is printed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { type Block, readDocuments } from '../markdown.ts';
import { withDirectoryAndOrg } from './first-org.ts';
import { walk } from './transcript.ts';

const documents = await readDocuments();

const blocksOf = (file: string): readonly Block[] =>
  documents.filter((one) => one.file === file).flatMap(({ blocks }) => blocks);

test('docs/first-sync.md leads to an org that is in step with its directory', async () => {
  await withDirectoryAndOrg(async (around, sandbox) => {
    expect(await walk(blocksOf('docs/first-sync.md'), around)).toEqual([]);

    expect(sandbox.find('hugo@example.com')?.profile.is_active).toBe(true);
    expect(sandbox.users).toHaveLength(10);
  });
});

test('docs/quick-start.md leads to three people, one of whom has left', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-walk-'));
  const sandbox = await startSandbox({ apiKey: 'sandbox-key' });
  try {
    const env = { HOME: folder, ROLLCALL__PROFILEAPI__URL: sandbox.url };

    expect(await walk(blocksOf('docs/quick-start.md'), { folder, env, names: {} })).toEqual([]);

    expect(sandbox.find('bob@example.com')?.profile.is_active).toBe(false);
    expect(sandbox.find('eve@example.com')?.profile.is_active).toBe(true);
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
});

test('a document that says otherwise than the program is found out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-walk-'));
  const block = (language: string, text: string): Block => ({ language, text, marks: {}, place: 'here' });

  const differences = await walk([block('sh', 'rollcall config validate'), block('text', 'All is well.')], {
    ...{ folder, env: {}, names: {} },
  });

  expect(differences).toMatchObject([
    { place: 'here', printed: expect.stringContaining('there is no configuration') },
  ]);
  await rm(folder, { recursive: true });
});
