/** A configuration as it is mounted into a container, read by the program itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadedConfig, loadConfig } from '../../config/index.ts';

const secretFile = /\$\{file:([^}]+)\}/g;

/** The files that the configuration takes secrets from. */
export const secretFilesOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(secretFile)].map(([, file = '']) => file)),
];

/** Loads it with something in the place of each secret. Throws what the program would say. */
export async function loadMounted(text: string): Promise<LoadedConfig> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-mounted-'));
  try {
    await writeFile(join(folder, 'secret'), 'a-secret-that-is-long-enough\n');
    await writeFile(join(folder, 'rollcall.yaml'), text.replaceAll(secretFile, '${file:secret}'));
    return await loadConfig({ file: join(folder, 'rollcall.yaml'), env: {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}
