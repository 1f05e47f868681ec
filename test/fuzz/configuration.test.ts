/** The configuration, after an editor, a template or a merge went wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../config/index.ts';
import { compileRules } from '../../src/identity/index.ts';
import { createConfigFolder } from '../config/config-folder.ts';
import { asLongAs, damaged } from './damaged.ts';

const examples = fileURLToPath(new URL('../../config/examples', import.meta.url));
const file = damaged(
  readdirSync(examples)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(`${examples}/${name}`)),
  [
    '\n',
    ': ',
    '- ',
    '&a ',
    '*a',
    '!!js/function ',
    '---\n',
    '{',
    '[',
    '"',
    '|\n',
    '\t',
    '${env:HOME}',
    '${file:/etc/hostname}',
    '__proto__: 1\n',
    'null',
    '<<: *a\n',
  ],
);
const env = {
  ROLLCALL_API_KEY: 'key',
  LDAP_PASSWORD: 'password',
  ENTRA_CLIENT_SECRET: 'secret',
  HOME: '/home',
};

test('it is valid, or each mistake is named with its file', async () => {
  await using folder = await createConfigFolder();
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      try {
        const { config } = await folder.load(bytes, env);
        for (const [index, source] of config.sources.entries()) {
          const compiled = compileRules(config, source, index);
          if (compiled.kind === 'problems')
            for (const { message } of compiled.problems) expect(message).toMatch(/\S/);
        }
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        expect(error.problems.length).toBeGreaterThan(0);
        for (const { file: where, message } of error.problems) {
          expect(where).toMatch(/\S/);
          expect(message).toMatch(/\S/);
        }
      }
    }),
    asLongAs(400),
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});
