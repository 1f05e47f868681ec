/** The schema's verdict on a configuration, in sentences. None of them quotes a text value: it may be a secret. */
import type { z } from 'zod';
import { alternatives, type JsonSchema, schemasAt } from './json-schema.ts';
import type { KeyPath } from './problem.ts';
import { type Config, configSchema } from './schema.ts';
import { suggest } from './suggest.ts';

export interface Finding {
  readonly path: KeyPath;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return kinds[typeof value] ?? typeof value;
}

const valueAt = (data: unknown, path: KeyPath): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined,
    data,
  );

const listed = (words: readonly unknown[]): string => words.map(String).join(', ');

const readable = /^[A-Za-z0-9_-]{1,40}$/;

interface Context {
  readonly data: unknown;
  readonly schema: JsonSchema;
}

function purposeOf({ schema }: Context, path: KeyPath): string {
  const purpose = schemasAt(schema, path).find(({ description }) => description !== undefined)?.description;
  return purpose === undefined ? '' : ` (${purpose})`;
}

function mendOf(expected: string, given: unknown): string {
  if (typeof given === 'object') return '';
  if (expected === 'string') return ' Put it in quotes.';
  if (expected === 'array') return ' Put it in brackets: [ ].';
  return typeof given === 'string' && ['number', 'int', 'boolean'].includes(expected)
    ? ' Write it without quotes; what a ${...} gives is always text.'
    : '';
}

function wrongType(expected: string, path: KeyPath, context: Context): string {
  const given = valueAt(context.data, path);
  const purpose = purposeOf(context, path);
  if (given === undefined) return `is missing. Give it${purpose}.`;
  const kind = kinds[expected] ?? expected;
  if (given === null) return `is empty. Give it ${kind}, or remove the key${purpose}.`;
  const mend = mendOf(expected, given);
  return `must be ${kind}, but is ${kindOf(given)}.${mend}`;
}

function unknownKey(key: string, path: KeyPath, { data, schema }: Context): string {
  if (!readable.test(key)) return 'holds a key that no key is named like; is a space missing after a colon?';
  const known = [
    ...new Set(
      schemasAt(schema, path)
        .flatMap(alternatives)
        .flatMap((one) => Object.keys(one.properties ?? {})),
    ),
  ];
  if (known.includes(key)) {
    const others = Object.keys(valueAt(data, path) ?? {}).filter((other) => other !== key);
    return `can't stand together with ${listed(others.filter((other) => readable.test(other)))}. Remove one of them.`;
  }
  const nearest = suggest(key, known);
  return nearest === undefined
    ? `is no key here. Remove it, or use one of: ${listed(known)}.`
    : `is no key here. Did you mean ${nearest}?`;
}

function choice(options: readonly unknown[], path: KeyPath, context: Context): string {
  const given = valueAt(context.data, path);
  if (given === undefined) return `is missing. Give one of: ${listed(options)}.`;
  const nearest = typeof given === 'string' ? suggest(given, options.map(String)) : undefined;
  return `must be one of: ${listed(options)}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`;
}

function outOfRange(
  issue: Extract<Issue, { code: 'too_big' | 'too_small' }>,
  path: KeyPath,
  context: Context,
): string {
  const purpose = purposeOf(context, path);
  const bound = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`;
  if (issue.origin === 'string') return `must not be empty${purpose}.`;
  if (issue.origin === 'array') return `must have ${bound} in its list${purpose}.`;
  const given = valueAt(context.data, path);
  return `must be ${bound}, but is ${typeof given === 'number' ? given : kindOf(given)}${purpose}.`;
}

/** Of the forms that a key may have, the one that was most likely meant: it takes most of the keys given. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const cost = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : 1), 0);
  return branches.reduce((best, branch) => (cost(branch) < cost(best) ? branch : best));
}

function findingsOfUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: KeyPath,
  context: Context,
): Finding[] {
  if ('options' in issue && Array.isArray(issue.options))
    return [{ path, message: choice(issue.options, path, context) }];
  const inner = issue.errors.flat();
  const expected = inner.flatMap((one) =>
    one.path.length === 0 && one.code === 'invalid_type' ? [kinds[one.expected] ?? one.expected] : [],
  );
  if (expected.length === inner.length) {
    const given = valueAt(context.data, path);
    return [
      {
        path,
        message: `must be ${[...new Set(expected)].join(' or ')}, but is ${kindOf(given)}${purposeOf(context, path)}.`,
      },
    ];
  }
  return likeliest(issue.errors).flatMap((one) => findingsOf(one, path, context));
}

function findingsOf(issue: Issue, above: KeyPath, context: Context): Finding[] {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  switch (issue.code) {
    case 'invalid_type':
      return [{ path, message: wrongType(issue.expected, path, context) }];
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: readable.test(key) ? [...path, key] : path,
        message: unknownKey(key, path, context),
      }));
    case 'invalid_value':
      return [{ path, message: choice(issue.values, path, context) }];
    case 'too_big':
    case 'too_small':
      return [{ path, message: outOfRange(issue, path, context) }];
    case 'invalid_union':
      return findingsOfUnion(issue, path, context);
    case 'invalid_format':
      return [{ path, message: wrongForm(issue, path, context) }];
    default:
      return [{ path, message: `is not right: ${issue.message}.` }];
  }
}

function wrongForm(
  issue: Extract<Issue, { code: 'invalid_format' }>,
  path: KeyPath,
  context: Context,
): string {
  const purpose = purposeOf(context, path);
  // A form of our own brings its own advice; zod's begin in capitals.
  if (issue.format === 'regex' && !/^Invalid/.test(issue.message))
    return `has the wrong form: ${issue.message}.`;
  return `is no ${issue.format === 'url' ? 'URL of the right kind' : 'text of the right form'}${purpose}.`;
}

export type Verdict =
  | { readonly kind: 'valid'; readonly config: Config }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/** Validates the whole and finds all that is wrong, not the first thing alone. */
export function validate(data: unknown, schema: JsonSchema): Verdict {
  const parsed = configSchema.safeParse(data);
  if (parsed.success) return { kind: 'valid', config: parsed.data };
  return {
    kind: 'invalid',
    findings: parsed.error.issues.flatMap((issue) => findingsOf(issue, [], { data, schema })),
  };
}
