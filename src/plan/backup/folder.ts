/** Where backups are kept: a folder and files for one user alone, the newest few of them. */
import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupForm } from './file.ts';

const ours = /^org-\d{8}T\d{6}Z-[a-z0-9]+(-\d+)?\.(csv|jsonl)$/;

/**
 * Writes a new file, named for time and run, and never over another one. A write that breaks off leaves no file that
 * looks whole. Then all but the newest `keep` go.
 *
 * @param name - the run's id, or who asked for it
 * @returns the file's path
 */
export async function keepBackup(
  folder: string,
  name: string,
  form: BackupForm,
  content: string | Uint8Array,
  keep: number,
  now: Date,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  // Two who approve one plan in the same second save it twice, perhaps in one process.
  const part = join(folder, `.org-${time}-${name}-${randomUUID()}.part`);
  try {
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    const path = await linkAnew(part, join(folder, `org-${time}-${name}`), form);
    await prune(folder, keep);
    return path;
  } finally {
    await rm(part, { force: true });
  }
}

async function linkAnew(from: string, base: string, form: BackupForm): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = `${base}${number === 1 ? '' : `-${number}`}.${form}`;
    try {
      await link(from, path);
      return path;
    } catch (error) {
      const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!exists) throw error;
    }
  }
}

async function prune(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => ours.test(name)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - keep)))
    await rm(join(folder, name), { force: true });
}
