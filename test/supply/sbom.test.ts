import { expect, test } from 'vitest';
import { z } from 'zod';
import { pinnedPackages } from './packages.ts';
import { billOfMaterials } from './sbom.ts';

const bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.object({ component: z.object({ name: z.string(), purl: z.string() }) }),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string().startsWith('pkg:npm/'),
      hashes: z.array(z.object({ alg: z.literal('SHA-512'), content: z.string().length(128) })).min(1),
    }),
  ),
});

test('the bill of materials has what ships, all of it and nothing else, by name, version and hash', () => {
  const { components, metadata } = bill.parse(JSON.parse(billOfMaterials()));

  const named = (one: { readonly name: string; readonly version: string }) => `${one.name}@${one.version}`;
  const shipped = pinnedPackages().filter(({ ships }) => ships);
  expect(metadata.component).toMatchObject({
    name: 'rollcall',
    purl: expect.stringMatching(/^pkg:npm\/rollcall@/),
  });
  expect(new Set(components.map(named))).toEqual(new Set(shipped.map(named)));
  expect(components.length).toBeGreaterThan(150);
});
