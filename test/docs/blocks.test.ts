/** Every block of the documentation is what it says it is: configuration that loads, commands that can be typed, JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { type Block, readDocuments, root } from './markdown.ts';
import { problemOfSettings } from './settings.ts';
import { type Started, startedBy } from './shell.ts';
import { problemOfTyped } from './typed.ts';

/** Written by people, of what is to come or was: not how to use it. */
const withoutCommands = ['CHANGELOG.md'];

const documents = (await readDocuments()).filter(({ file }) => !withoutCommands.includes(file));
const blocks = documents.flatMap(({ blocks: own }) => own);
const of = (...languages: readonly string[]): readonly Block[] =>
  blocks.filter(({ language }) => languages.includes(language));

/** Programs of others, which no test can start, and why. What Rollcall does has no place here. */
const ofOthers: Readonly<Record<string, string>> = {
  createdb: 'of PostgreSQL; the way back is gone by test/e2e/upgrade.test.ts',
  curl: 'what it would send is sent by api-reference/document.test.ts',
  docker: 'the image is built and run by test/image, the Compose file read by test/deploy',
  dsacls: 'a program of Windows',
  helm: 'the chart is rendered by test/deploy/helm.test.ts',
  install: 'puts files where they belong; which ones, test/deploy/systemd.test.ts reads',
  journalctl: 'needs systemd at work',
  kubectl: 'needs a cluster',
  ln: 'as install',
  openssl: 'makes random numbers',
  pg_dump: 'as createdb',
  pg_restore: 'as createdb',
  systemctl: 'needs systemd at work',
  ldapsearch: 'OpenLDAP’s; what it writes is read by the tests of LDIF',
  mv: 'of the system',
  'samba-tool': 'run by the test of the account, accounts/active-directory.test.ts',
  uuidgen: 'makes random numbers',
};

/** Languages whose blocks are shown, not run: what is in them is output, a drawing, or another program's own. */
const shown = ['text', 'http', 'mermaid', 'powershell'];

test('every block says what it is, in a language that is looked at below or only shown', () => {
  const known = ['yaml', 'sh', 'json', 'ldif', 'csv', ...shown];

  expect(blocks.length).toBeGreaterThan(60);
  expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).toEqual([]);
});

/** `sh not=run`: in documents that are gone through as they stand, what has no end. All other commands of theirs are run. */
test('what is not run is known', () => {
  const notRun = blocks.filter(({ marks }) => marks.not === 'run').map(({ text }) => text);

  expect(new Set(notRun)).toEqual(new Set(['npx rollcall start', 'npx rollcall sandbox --port 8090']));
});

describe('configuration', () => {
  const own = of('yaml').filter(({ marks }) => marks.of === undefined);

  test.each(own)('$place is valid', async (block) => {
    expect(await problemOfSettings(block)).toBeUndefined();
  });

  test.each(of('yaml').filter(({ marks }) => marks.of !== undefined))('$place is YAML', ({ text }) => {
    expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
  });

  test('a mistake would be found', async () => {
    expect(await problemOfSettings({ text: 'guards: { maxShrimp: 5 }', marks: {} })).toContain('maxShrimp');
    expect(await problemOfSettings({ text: 'scope: user.mail ==', marks: {} })).toContain('scope');
    const inSource = { text: 'tls: { starttls: true }', marks: { in: 'sources' } };
    expect(await problemOfSettings(inSource)).toContain('starttls');
  });
});

test('every LDIF is applied somewhere: to a directory, as somebody, or as a file', () => {
  const unused = of('ldif').filter(({ marks }) => marks.as === undefined && marks.file === undefined);

  expect(unused.map(({ place }) => place)).toEqual([]);
});

test.each(of('json'))('$place is JSON', ({ text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});

describe('commands', () => {
  test.each(of('sh'))('$place can be typed', async ({ text }) => {
    for (const started of await startedBy(text))
      expect(await problemOf(started), started.join(' ')).toBeUndefined();
  });

  test('a mistake would be found', async () => {
    const problems = [];
    for (const line of ['rollcall plna', 'npx rollcall plan --sources x', 'npm run no-such', 'frobnicate'])
      for (const started of await startedBy(line)) problems.push(await problemOf(started));

    expect(problems.filter((problem) => problem === undefined)).toEqual([]);
    expect(problems).toHaveLength(4);
    await expect(startedBy('rollcall plan "')).rejects.toThrow('bash');
  });

  test('programs of others are as many as are known, each for a reason', async () => {
    const started = (await Promise.all(of('sh').map(({ text }) => startedBy(text)))).flat();
    const used = new Set(started.map(([program]) => program));

    expect(Object.keys(ofOthers).filter((program) => !used.has(program))).toEqual([]);
  });
});

describe('what is named in sentences', () => {
  const named = documents.flatMap(({ file, spans }) =>
    spans.filter((span) => /^(npx )?rollcall [a-z]/.test(span)).map((span) => ({ file, span })),
  );

  test.each(named)('$file: $span', async ({ span }) => {
    for (const [, ...args] of await startedBy(asTyped(span)))
      expect(await problemOfTyped(args, { isWhole: false })).toBeUndefined();
  });
});

/** What stands for a value in an alert of Prometheus, or for what goes on, is none that can be typed. */
const asTyped = (span: string): string =>
  span
    .replace(/^npx /, '')
    .replaceAll(/[{]{2}.*?[}]{2}/g, 'corp')
    .replaceAll('…', '');

const packageShape = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = packageShape.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const ownCommandsOfNpm = ['ci', 'test'];

async function problemOf([program, ...args]: Started): Promise<string | undefined> {
  if (program === 'rollcall') return await problemOfTyped(args);
  if (program === 'npx' && args[0] === 'rollcall') return await problemOfTyped(args.slice(1));
  const inContainer = args.includes('exec') ? args.lastIndexOf('rollcall') : -1;
  if (inContainer >= 0) return await problemOfTyped(args.slice(inContainer + 1));
  if (program === '.ci/run') return undefined;
  if (program === 'npm')
    return ownCommandsOfNpm.includes(args[0] ?? '') || (args[0] === 'run' && (args[1] ?? '') in scripts)
      ? undefined
      : `npm has no ${args.join(' ')}`;
  return program in ofOthers ? undefined : `${program} is not known; say in ofOthers why it can't be tried`;
}
