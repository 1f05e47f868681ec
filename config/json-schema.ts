/** The configuration's JSON Schema: for editors, and to look up what a key may hold. */
import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that the configuration uses. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  /** The kind of a text: duration, size, cron pattern, time zone. */
  readonly title?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
}

const reference: JsonSchema = { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}' };

/** Text of a certain form may also be a reference, whose value no editor knows. */
function allowReferences(schema: JsonSchema): JsonSchema {
  const { description, default: preset, examples, ...form } = schema;
  const isFormedText =
    schema.type === 'string' && (schema.format !== undefined || schema.pattern !== undefined);
  if (isFormedText)
    return {
      ...(description === undefined ? {} : { description }),
      ...(preset === undefined ? {} : { default: preset }),
      ...(examples === undefined ? {} : { examples }),
      anyOf: [form, reference],
    };
  const each = (schemas: readonly JsonSchema[]) => schemas.map(allowReferences);
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([key, value]) => [key, allowReferences(value)]),
      ),
    }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: allowReferences(schema.additionalProperties),
    }),
    ...(schema.items && { items: allowReferences(schema.items) }),
    ...(schema.anyOf && { anyOf: each(schema.anyOf) }),
    ...(schema.oneOf && { oneOf: each(schema.oneOf) }),
  };
}

/**
 * The JSON Schema (draft 7, which editors know best) of what may be written in a configuration file. Name it in the
 * file's first line: `# yaml-language-server: $schema=rollcall.schema.json`.
 */
export function configJsonSchema(): JsonSchema {
  return allowReferences(z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }) as JsonSchema);
}

/** The schema itself and, where it is a choice, all that may be chosen. */
export function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return choices.length === 0 ? [schema] : choices.flatMap(alternatives);
}

/** Every schema that a path can lead to. */
export function schemasAt(schema: JsonSchema, path: readonly (string | number)[]): readonly JsonSchema[] {
  let current: readonly JsonSchema[] = [schema];
  for (const key of path)
    current = current.flatMap(alternatives).flatMap((one) => {
      const next = typeof key === 'number' ? one.items : one.properties?.[key];
      if (next !== undefined) return [next];
      return typeof one.additionalProperties === 'object' ? [one.additionalProperties] : [];
    });
  return current;
}
