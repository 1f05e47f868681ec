/** The folder into which an HR system drops its files: each is taken once, answered, and put away. */
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Logger } from 'pino';
import type { Desk } from '../desk.ts';
import { takeFile } from './take-file.ts';

/** A file of a hundred thousand people has ten megabytes. */
const largest = 32 * 1_024 * 1_024;

/** The folder, watched. */
export interface DropFolder {
  /** Takes every file whose size has not changed since the last look. Looking often is what notices new files: on a network folder nothing else does. */
  look(): Promise<void>;
}

interface Sight {
  readonly size: number;
  readonly changedMs: number;
  readonly since: Date;
}

/** Opens the folder. @param desk - where what the files say is taken */
export function openDropFolder(folder: string, desk: Desk, log: Logger): DropFolder {
  let seen = new Map<string, Sight>();
  let trouble: string | undefined;

  async function lookAt(): Promise<void> {
    const present = new Map<string, Sight>();
    for (const name of await candidates(folder)) {
      const sight = await sightOf(join(folder, name));
      if (sight === undefined) continue;
      const before = seen.get(name);
      const isStable = before?.size === sight.size && before.changedMs === sight.changedMs;
      present.set(name, isStable ? before : sight);
      if (!isStable) continue;
      await take(name, sight.size, before.since);
      present.delete(name);
    }
    seen = present;
  }

  async function take(name: string, size: number, arrivedAt: Date): Promise<void> {
    const path = join(folder, name);
    const done = join(folder, 'done');
    await mkdir(done, { recursive: true });
    if (size > largest) {
      log.error(
        { event: 'offboarding.file-refused', file: name, size },
        `${name} is larger than 32 MiB and is not taken.`,
      );
      await rename(path, join(done, `${name}.refused`));
      return;
    }
    const { hash, answers, outcomes } = await takeFile(desk, await readFile(path), name, arrivedAt);
    // Named by its content: whoever does this again after a crash writes the same.
    const stem = `${parse(name).name}-${hash.slice(0, 8)}`;
    await writeFile(join(done, `${stem}.answers.tmp`), answers);
    await rename(join(done, `${stem}.answers.tmp`), join(done, `${stem}.answers.csv`));
    await rename(path, join(done, `${stem}.csv`)).catch(unlessGone);
    log.info(
      { event: 'offboarding.file', file: name, outcomes },
      `${name} was taken; done/${stem}.answers.csv has the answers.`,
    );
  }

  return {
    async look() {
      try {
        await lookAt();
        trouble = undefined;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason === trouble) return;
        trouble = reason;
        log.error(
          { event: 'offboarding.folder-failed', err: error },
          `The folder ${folder} could not be dealt with; tried again every second. ${reason}`,
        );
      }
    },
  };
}

/** What is still being written is often called so until it is whole. */
async function candidates(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && /\.csv$/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function sightOf(path: string): Promise<Sight | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, changedMs: mtimeMs, since: new Date() };
  } catch (error) {
    unlessGone(error);
    return undefined;
  }
}

/** Another process may have taken it. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
