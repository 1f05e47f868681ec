/**
 * Who may open the embedded store's folder: one process, at any moment. See docs/adr/0001-one-owner-of-the-embedded-store.md.
 *
 * Owners are numbered. `owner.7` is made with its content by link(2), which fails if it exists; the highest number counts. So a
 * dead owner's place is taken by exactly one of those who try, and nobody ever has to delete a file that another may rely on.
 */
import { linkSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const ownerFile = z.object({ host: z.string(), pid: z.int(), startedAt: z.string().nullable() });

export type Owner = {
  readonly number: number;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string | null;
  readonly ageMs: number;
};

/** Another container's process can't be seen; it is believed for as long as it needs to open its socket. */
const graceForOtherHostsMs = 2_000;

const fileOf = (folder: string, number: number): string => join(folder, `owner.${number}`);

/** When a process was started, in clock ticks since the machine was (proc(5), field 22); null where the system doesn't tell. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may have spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function numbers(folder: string): readonly number[] {
  return readdirSync(folder)
    .map((name) => /^owner\.(\d+)$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((one, other) => one - other);
}

/** The present owner, dead or alive; undefined where nobody is. */
export function currentOwner(folder: string): Owner | undefined {
  const number = numbers(folder).at(-1);
  if (number === undefined) return undefined;
  try {
    const path = fileOf(folder, number);
    const ageMs = Date.now() - statSync(path).mtimeMs;
    return { number, ageMs, ...ownerFile.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch (error) {
    // It was given up in this moment: look again.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return currentOwner(folder);
    throw error;
  }
}

/** Whether the owner's process still runs. A pid alone proves nothing: it is used again, and in a container it is always 1. */
export function isRunning({ host, pid, startedAt, ageMs }: Owner): boolean {
  if (host !== hostname()) return ageMs < graceForOtherHostsMs;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startedAt === null || processStart(pid) === startedAt;
}

/** Becomes the owner after `previous` (its number, or 0). False where somebody else was faster. */
export function claimOwnership(folder: string, previous: number): number | undefined {
  const number = previous + 1;
  const draft = join(folder, `claim.${process.pid}.${number}`);
  const content = { host: hostname(), pid: process.pid, startedAt: processStart(process.pid) };
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  try {
    linkSync(draft, fileOf(folder, number));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  // Whoever was slow may have made a number that others have already gone past.
  if (numbers(folder).at(-1) !== number) {
    giveUpOwnership(folder, number);
    return undefined;
  }
  for (const old of numbers(folder)) if (old < number) giveUpOwnership(folder, old);
  return number;
}

/** Makes room for the next owner. */
export function giveUpOwnership(folder: string, number: number): void {
  rmSync(fileOf(folder, number), { force: true });
}
