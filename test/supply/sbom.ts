/**
 * `npm run sbom`: the bill of materials of what ships, as CycloneDX. `npm sbom --omit dev` forgets packages that are needed for both,
 * running and developing; so it is given a project that has nothing for development.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './packages.ts';

const anything = z.record(z.string(), z.unknown());
const lockShape = z.looseObject({ packages: z.record(z.string(), anything) });

const withoutDevelopment = ({ devDependencies: _, ...project }: Readonly<Record<string, unknown>>) => project;
const isLeftOut = (one: Readonly<Record<string, unknown>>): boolean =>
  ['dev', 'devOptional', 'optional', 'peer'].some((mark) => one[mark] === true);

export function billOfMaterials(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'rollcall-sbom-'));
  // It is named after its folder.
  const folder = join(scratch, 'rollcall');
  try {
    mkdirSync(folder);
    const project = anything.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const lock = lockShape.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
    const packages = Object.fromEntries(
      Object.entries(lock.packages)
        .filter(([, one]) => !isLeftOut(one))
        .map(([path, one]) => [path, path === '' ? withoutDevelopment(one) : one]),
    );
    writeFileSync(join(folder, 'package.json'), JSON.stringify(withoutDevelopment(project)));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
    const asking = [
      'sbom',
      '--sbom-format',
      'cyclonedx',
      '--sbom-type',
      'application',
      '--package-lock-only',
    ];
    return execFileSync('npm', asking, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

if (import.meta.main) process.stdout.write(billOfMaterials());
