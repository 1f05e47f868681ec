/** The keys of the configuration as its schema has them: one after the other, with all that is known of each. */
import { configJsonSchema, type JsonSchema } from '../../../config/json-schema.ts';

export interface Key {
  /** `guards.maxEdits.count`; `[]` stands for each of a list, `NAME` for a name of one's own. */
  readonly path: string;
  readonly schema: JsonSchema;
  /** `in one way`: where there are several ways to write what it belongs to, it makes one of them. */
  readonly need: 'always' | 'in one way' | 'no';
}

/** Keys that belong together: a section, or one kind of what comes in several. */
export interface Section {
  readonly title: string;
  readonly about: string;
  readonly keys: readonly Key[];
}

/** What is written there itself, without the reference that may stand in its place. */
export function formsOf(schema: JsonSchema): readonly JsonSchema[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices === undefined) return [schema];
  return choices.flatMap(formsOf).filter(({ pattern }) => pattern?.startsWith('\\$\\{') !== true);
}

const kindOf = (schema: JsonSchema): unknown => schema.properties?.type?.const;

/** A list or a table of things that come in kinds (`type`): sources, channels. */
function kindsOf(schema: JsonSchema): readonly JsonSchema[] {
  const inner =
    schema.items ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {});
  return formsOf(inner).filter((form) => kindOf(form) !== undefined);
}

function below(path: string, schema: JsonSchema): readonly Key[] {
  if (kindsOf(schema).length > 0) return [];
  const forms = formsOf(schema);
  const need =
    forms.filter(({ properties }) => properties !== undefined).length > 1 ? 'in one way' : 'always';
  const keys = forms.flatMap((form) => {
    const required = new Set(form.required);
    const own = Object.entries(form.properties ?? {}).flatMap(([name, inner]) =>
      keyAndBelow({ path: `${path}.${name}`, schema: inner, need: required.has(name) ? need : 'no' }),
    );
    const listed = form.items === undefined ? [] : below(`${path}[]`, form.items);
    const named =
      typeof form.additionalProperties === 'object' ? below(`${path}.NAME`, form.additionalProperties) : [];
    return [...own, ...listed, ...named];
  });
  // Ways that exclude each other may have keys in common.
  return [...new Map(keys.toReversed().map((key) => [key.path, key])).values()].toReversed();
}

const keyAndBelow = (key: Key): readonly Key[] => [key, ...below(key.path, key.schema)];

function sectionsOf(key: Key): readonly Section[] {
  const keys = keyAndBelow(key);
  const own = { title: key.path, about: key.schema.description ?? '', keys };
  return [
    own,
    ...keys.flatMap(({ path, schema }) =>
      kindsOf(schema).map((kind) => ({
        title: `${path}: ${kindOf(kind)}`,
        about: kind.description ?? '',
        keys: below(schema.items === undefined ? `${path}.NAME` : `${path}[]`, kind),
      })),
    ),
  ];
}

export function sections(): readonly Section[] {
  const whole = configJsonSchema();
  return Object.entries(whole.properties ?? {}).flatMap(([path, schema]) =>
    sectionsOf({ path, schema, need: whole.required?.includes(path) === true ? 'always' : 'no' }),
  );
}
