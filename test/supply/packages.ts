/** The packages of others that Rollcall has, as the lock file pins them. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

export const root = resolve(import.meta.dirname, '../..');

export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly licence: string | undefined;
  /** Whether it is in the image. What is optional or a peer isn't. */
  readonly ships: boolean;
  readonly hasInstallScript: boolean;
  readonly isVerified: boolean;
}

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().startsWith('sha512-').optional(),
      hasInstallScript: z.boolean().default(false),
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
      optional: z.boolean().default(false),
      peer: z.boolean().default(false),
    }),
  ),
});

/** Told by their files, where `package.json` says nothing. */
const licencesByHand: Readonly<Record<string, string>> = { 'htmx-ext-sse': '0BSD' };

export function pinnedPackages(): readonly Pinned[] {
  const { packages } = lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, one]) => {
      const name = path.replace(/^.*node_modules\//, '');
      return {
        name,
        version: one.version ?? '',
        licence: one.license ?? licencesByHand[name],
        ships: !(one.dev || one.devOptional || one.optional || one.peer),
        hasInstallScript: one.hasInstallScript,
        isVerified: one.integrity !== undefined,
      };
    });
}
