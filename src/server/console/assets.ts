/** Style sheet, scripts and icon: read once, served under a name that changes with their content. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

export interface Assets {
  /** Where the browser finds one. */
  url(name: AssetName): string;
  mount(app: FastifyInstance): void;
}

const [css, js, svg] = ['text/css', 'text/javascript', 'image/svg+xml'];

const files = {
  'console.css': { type: css, from: './assets/console.css' },
  'console.js': { type: js, from: './assets/console.js' },
  'icon.svg': { type: svg, from: './assets/icon.svg' },
  'htmx.js': { type: js, from: 'htmx.org/dist/htmx.min.js' },
  'sse.js': { type: js, from: 'htmx-ext-sse/dist/sse.min.js' },
} as const;

export type AssetName = keyof typeof files;

export async function loadAssets(): Promise<Assets> {
  const loaded = new Map(
    await Promise.all(
      Object.entries(files).map(async ([name, { type, from }]) => {
        const body = await readFile(fileURLToPath(import.meta.resolve(from)));
        const mark = createHash('sha256').update(body).digest('hex').slice(0, 12);
        return [name, { type, body, path: `/assets/${mark}/${name}` }] as const;
      }),
    ),
  );
  return {
    url: (name) => loaded.get(name)?.path ?? '',
    mount(app) {
      for (const { type, body, path } of loaded.values())
        app.get(path, (_request, reply) =>
          reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(body),
        );
    },
  };
}
