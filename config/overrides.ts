/** Keys given by the environment: `ROLLCALL__SOURCES__CORP__PASSWORD` is `password` of the source `corp`. */
import { parseDocument } from 'yaml';
import { alternatives, type JsonSchema, schemasAt } from './json-schema.ts';
import type { ConfigProblem, KeyPath } from './problem.ts';
import { pathText } from './problem.ts';
import { suggest } from './suggest.ts';

const prefix = /^rollcall__/i;

export interface Override {
  readonly variable: string;
  readonly path: KeyPath;
}

export interface Overridden {
  readonly data: unknown;
  readonly overrides: readonly Override[];
  readonly problems: readonly ConfigProblem[];
}

const normal = (word: string): string => word.toLowerCase().replaceAll(/[_-]/g, '');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Step = { readonly key: string | number } | { readonly known: readonly string[] };

function stepInto(schemas: readonly JsonSchema[], data: unknown, segment: string): Step {
  const wanted = normal(segment);
  const choices = schemas.flatMap(alternatives);
  if (choices.some(({ items }) => items !== undefined)) {
    const ids = (Array.isArray(data) ? data : []).map((item) =>
      isRecord(item) ? String(item.id ?? '') : '',
    );
    const matching = ids.filter((id) => id !== '' && normal(id) === wanted);
    // Of `a-b` and `a_b` nobody can tell which one is meant.
    return matching.length === 1 ? { key: ids.indexOf(matching[0] ?? '') } : { known: ids.filter(Boolean) };
  }
  const known = choices.flatMap(({ properties }) => Object.keys(properties ?? {}));
  const property = known.find((key) => normal(key) === wanted);
  if (property !== undefined) return { key: property };
  if (!choices.some(({ additionalProperties }) => typeof additionalProperties === 'object')) return { known };
  const present = Object.keys(isRecord(data) ? data : {}).find((key) => normal(key) === wanted);
  return { key: present ?? (/[a-z]/.test(segment) ? segment : segment.toLowerCase()) };
}

const child = (data: unknown, key: string | number): unknown =>
  Array.isArray(data)
    ? data[Number(key)]
    : isRecord(data) && Object.hasOwn(data, key)
      ? data[key]
      : undefined;

/** Follows the variable's name down the schema; gives a message where it leads nowhere. */
function resolvePath(schema: JsonSchema, data: unknown, variable: string): KeyPath | string {
  const path: (string | number)[] = [];
  let at = data;
  for (const segment of variable.replace(prefix, '').split('__')) {
    const step = stepInto(schemasAt(schema, path), at, segment);
    if ('known' in step) {
      const nearest = suggest(segment, step.known);
      const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
      return `${segment} is no key of ${pathText(path) || 'the configuration'}.${hint} Correct the variable's name, or unset it.`;
    }
    path.push(step.key);
    at = child(at, step.key);
  }
  return path;
}

const typesOf = (schemas: readonly JsonSchema[]): ReadonlySet<string> =>
  new Set(
    schemas
      .flatMap(alternatives)
      .flatMap((schema) =>
        schema.type === undefined
          ? typeof schema.const === 'string'
            ? ['string']
            : []
          : [schema.type].flat(),
      ),
  );

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return isRecord(value) ? 'object' : typeof value;
}

/**
 * Where only text may stand, the value is taken to the letter: a password with # or : in it is no YAML. Elsewhere
 * it is read as YAML, unless it then isn't of a kind that may stand there and text may.
 */
function readValue(text: string, schemas: readonly JsonSchema[]): unknown {
  const types = typesOf(schemas);
  if (types.size === 1 && types.has('string')) return text;
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    stringKeys: true,
  });
  if (document.errors.length > 0 || document.warnings.length > 0) return text;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return text;
  }
  const isFitting = types.has(typeOf(value)) || (types.has('integer') && typeof value === 'number');
  return !isFitting && types.has('string') ? text : value;
}

/** A copy with the value at the path; objects on the way are made where missing. Aliased parts stay apart. */
function withValue(data: unknown, path: KeyPath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = withValue(child(data, key), rest, value);
  if (Array.isArray(data)) return data.map((item, index) => (index === key ? inner : item));
  return { ...(isRecord(data) ? data : {}), [key]: inner };
}

/** Puts the values of all `ROLLCALL__...` variables in their places. A name that fits no key is a problem. */
export function applyOverrides(data: unknown, env: NodeJS.ProcessEnv, schema: JsonSchema): Overridden {
  const variables = Object.keys(env)
    .filter((name) => prefix.test(name))
    .sort((a, b) => a.split('__').length - b.split('__').length || a.localeCompare(b));
  const overrides: Override[] = [];
  const problems: ConfigProblem[] = [];
  let result = data;
  for (const variable of variables) {
    const problem = (path: string, message: string) =>
      problems.push({ file: variable, line: undefined, column: undefined, path, message });
    const path = resolvePath(schema, result, variable);
    if (typeof path === 'string') {
      problem('', path);
      continue;
    }
    const twin = overrides.find((other) => pathText(other.path) === pathText(path));
    if (twin !== undefined) {
      problem(pathText(path), `${twin.variable} gives the same key; unset one of the two.`);
      continue;
    }
    result = withValue(result, path, readValue(env[variable] ?? '', schemasAt(schema, path)));
    overrides.push({ variable, path });
  }
  return { data: result, overrides, problems };
}
