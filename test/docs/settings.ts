/** Whether a piece of configuration is valid: set into a whole one, and read by the real loader and compiler of rules. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ConfigError, describeProblem, loadConfig } from '../../config/index.ts';
import { rulesOf } from '../../src/engine/index.ts';
import type { Block } from './markdown.ts';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const url = 'https://app.example.com';
const server = { publicUrl: 'https://rollcall.example.com' };
const sources: Readonly<Record<string, Tree>> = {
  corp: { id: 'corp', type: 'ldap', url: 'ldaps://ldap.example.com', baseDn: 'dc=example,dc=com' },
  cloud: {
    ...{ id: 'cloud', type: 'entra', tenantId: 'example.com', auth: { secret: 'secret' } },
    clientId: '66666666-7777-8888-9999-000000000000',
  },
  export: { id: 'export', type: 'ldif', file: 'people.ldif' },
};
const mapping = { email: 'mail', username: 'mail', name: 'cn', title: 'title', phone: 'telephoneNumber' };
const oidc = {
  ...{ issuer: 'https://sso.example.com', clientId: 'rollcall', clientSecret: 'secret' },
  roles: { viewer: ['it'] },
};

/** What a block leaves open. `sources=corp,cloud` says which there are, `in=` where in them or in the whole it belongs. */
function wholeWith(given: unknown, { in: place = '', sources: ids = 'corp' }: Block['marks']): unknown {
  const base = {
    profileApi: { url, apiKey: 'key' },
    sources: ids.split(',').map((id) => sources[id]),
    mapping,
    server: place === 'server.oidc' ? { ...server, oidc } : server,
  };
  if (isTree(given) && 'profileApi' in given && 'sources' in given) return given;
  const [top = '', ...below] = place.split('.');
  const piece =
    top === 'sources'
      ? { sources: [nested(below, given)] }
      : nested(place === '' ? [] : [top, ...below], given);
  return merged(base, piece);
}

const nested = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

/** Sources are told apart by their ids, or by their place; other lists are taken as they are given. */
function merged(base: unknown, given: unknown, key = ''): unknown {
  if (key === 'sources' && Array.isArray(given) && Array.isArray(base))
    return [...given.map((one) => mergedSource(base, one)), ...base.slice(given.length)];
  // Which of two ways is meant, such as `auth` or the kinds of a channel, is what was given alone.
  if (!isTree(base) || !isTree(given) || ['auth', 'database'].includes(key)) return given;
  const keys = new Set([...Object.keys(base), ...Object.keys(given)]);
  return Object.fromEntries(
    [...keys].map((one) => [one, one in given ? merged(base[one], given[one], one) : base[one]]),
  );
}

function mergedSource(base: readonly unknown[], given: unknown): unknown {
  if (!isTree(given)) return given;
  const ofKind = Object.values(sources).find((one) => one.id === given.id || one.type === given.type);
  return merged(ofKind ?? base[0], given);
}

/** Secrets that are valid where they stand: addresses by their names, keys of webhooks by theirs. */
function secretFor(name: string): string {
  if (/^database/.test(name)) return 'postgres://rollcall:secret@db.example.com/rollcall';
  if (/^redis/.test(name)) return 'rediss://redis.example.com';
  if (/url$/i.test(name)) return 'https://hooks.example.com/secret';
  if (/webhook|hook_secret/i.test(name)) return `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  return 'a-secret-of-more-than-24-letters';
}

/** @returns what the loader says against it; undefined where it is valid */
export async function problemOfSettings(block: Pick<Block, 'text' | 'marks'>): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-docs-'));
  try {
    const files = new Map<string, string>();
    const text = stringify(wholeWith(parse(block.text), block.marks)).replaceAll(
      /\$\{file:([^}]+)\}/g,
      (_, path) => {
        const name = String(path).split('/').at(-1) ?? '';
        files.set(name, secretFor(name));
        return `\${file:secrets/${name}}`;
      },
    );
    await mkdir(join(folder, 'secrets'));
    for (const [name, secret] of files) await writeFile(join(folder, 'secrets', name), `${secret}\n`);
    await writeFile(join(folder, 'rollcall.yaml'), text);
    const names = [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, name = '']) => name);
    const env = Object.fromEntries(names.map((name) => [name, secretFor(name)]));
    rulesOf(await loadConfig({ file: join(folder, 'rollcall.yaml'), env }));
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(describeProblem).join('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}
