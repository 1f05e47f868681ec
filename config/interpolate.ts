/** `${env:NAME}` and `${file:/path}` in the text values of a configuration. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isMap, isPair, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { type ConfigProblem, pathText } from './problem.ts';
import type { YamlFile } from './yaml-file.ts';

/** `$${env:X}` stands for the text `${env:X}` itself. */
const reference = /\$?\$\{(env|file):([^}]*)\}/g;

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Relative `${file:...}` paths are resolved against this folder. */
  readonly folder: string;
}

type Found = { readonly text: string } | { readonly problem: string };

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): Found {
  const text = env[name];
  if (text !== undefined) return { text };
  return { problem: `the environment variable ${name} is not set; set it, or correct the name.` };
}

async function fromFile(path: string, folder: string): Promise<Found> {
  const file = resolve(folder, path);
  try {
    return { text: (await readFile(file, 'utf8')).replace(/\r?\n$/, '') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const why = code === 'ENOENT' ? 'does not exist' : `can't be read (${code})`;
    return { problem: `the file ${file} ${why}; create it, or correct the path.` };
  }
}

async function replaceAll(
  text: string,
  { env, folder }: Surroundings,
): Promise<{ readonly text: string; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(reference)) {
    const [whole, kind, name = ''] = match;
    pieces.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (whole.startsWith('$$')) {
      pieces.push(whole.slice(1));
      continue;
    }
    const found = kind === 'env' ? fromEnvironment(name, env) : await fromFile(name, folder);
    if ('text' in found) pieces.push(found.text);
    else problems.push(found.problem);
  }
  return { text: pieces.join('') + text.slice(at), problems };
}

/** The path of a value, from what the walk went through to it. */
function keysTo(value: unknown, ancestors: readonly unknown[]): (string | number)[] {
  const chain = [...ancestors, value];
  return chain.flatMap((node, index): (string | number)[] => {
    const next = chain[index + 1];
    if (isSeq(node)) return [node.items.indexOf(next)];
    if (isMap(node) && isPair(next)) return [String(isScalar(next.key) ? next.key.value : next.key)];
    return [];
  });
}

/**
 * Replaces the references in all text values, in place. What comes in stays text: it is not parsed again, so nothing
 * in a secret can become YAML or another reference.
 */
export async function interpolate(
  yaml: YamlFile,
  surroundings: Surroundings,
): Promise<readonly ConfigProblem[]> {
  const texts: { readonly scalar: Scalar; readonly text: string; readonly path: string }[] = [];
  visit(yaml.document, {
    Scalar(key, scalar, ancestors) {
      if (key !== 'key' && typeof scalar.value === 'string')
        texts.push({ scalar, text: scalar.value, path: pathText(keysTo(scalar, ancestors)) });
    },
  });
  const problems: ConfigProblem[] = [];
  for (const { scalar, text, path } of texts) {
    const replaced = await replaceAll(text, surroundings);
    scalar.value = replaced.text;
    for (const message of replaced.problems) problems.push({ ...yaml.placeOfNode(scalar), path, message });
  }
  return problems;
}
