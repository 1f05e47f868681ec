/** Keys of which no sentence of ours speaks: told by their description, so that nothing that counts is left out. */
import { alternatives, configJsonSchema, type JsonSchema } from '../json-schema.ts';
import { lengthInWords, type Sentence, say } from './chapter.ts';

export function remaining(
  section: string,
  value: Readonly<Record<string, unknown>>,
  said: readonly Sentence[],
): readonly Sentence[] {
  const schema = configJsonSchema().properties?.[section];
  return keysOf(schema, section, value)
    .filter(({ path }) => !said.some(({ key }) => key === path || path.startsWith(`${key}.`)))
    .map(({ path, description, setting, isLength }) =>
      say(path, `${description ?? path.split('.').at(-1)}: ${inWords(setting, isLength)}.`),
    );
}

interface Key {
  readonly path: string;
  readonly description: string | undefined;
  readonly setting: unknown;
  /** A number that is milliseconds. */
  readonly isLength: boolean;
}

/** Every key at any depth that holds no further keys. */
function keysOf(schema: JsonSchema | undefined, path: string, setting: unknown): readonly Key[] {
  if (schema === undefined) return [];
  const { properties, description } = schema;
  const isLength = alternatives(schema).some(({ title }) => title === 'duration');
  if (properties === undefined) return [{ path, description, setting, isLength }];
  return Object.entries(properties).flatMap(([name, inner]) =>
    keysOf(inner, `${path}.${name}`, Object(setting)[name]),
  );
}

function inWords(setting: unknown, isLength: boolean): string {
  if (setting === undefined) return 'not set';
  if (isLength && typeof setting === 'number') return lengthInWords(setting);
  return typeof setting === 'string' ? setting : JSON.stringify(setting);
}
