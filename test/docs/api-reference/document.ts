/** docs/api-reference.md, made from the OpenAPI document that the program serves. */
import { z } from 'zod';
import { roles } from '../../../config/sections/server.ts';
import { table } from '../table.ts';

export const documentFile = new URL('../../../docs/api-reference.md', import.meta.url);

interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly additionalProperties?: Schema | boolean | undefined;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    additionalProperties: z.union([schema, z.boolean()]).optional(),
  }),
);

const media = z.looseObject({
  schema: schema.optional(),
  examples: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
});

const operation = z.looseObject({
  summary: z.string(),
  description: z.string(),
  tags: z.array(z.string()).min(1),
  'x-role': z.enum(roles),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema,
      }),
    )
    .default([]),
  requestBody: z.looseObject({ content: z.record(z.string(), media) }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ description: z.string(), content: z.record(z.string(), media).optional() }),
  ),
});

const openApi = z.looseObject({
  info: z.looseObject({ description: z.string() }),
  tags: z.array(z.looseObject({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
});

type Operation = z.output<typeof operation>;

const preface = `# HTTP API: every request

[The HTTP API](api.md) says how it is meant: tokens, lists, errors, streams, and sending a POST again. A running service has this page for programs at \`/api/openapi.json\` (OpenAPI 3.1).
Every request wants \`Authorization: Bearer TOKEN\`, and every POST takes an [\`Idempotency-Key\`](api.md#sending-a-post-again). Besides what is told here, an answer may be one of the [errors](api.md#errors).

This page is made from the program (\`npm run docs:api\`).`;

export function documentOf(served: unknown): string {
  const { tags, paths, components } = openApi.parse(served);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({ name: `${method.toUpperCase()} ${path}`, told })),
  );
  const chapters = tags.flatMap(({ name, description }) => [
    `## ${name}`,
    `${description}.`,
    ...operations.filter(({ told }) => told.tags.includes(name)).flatMap(chapterOf),
  ]);
  const shapes = Object.entries(components.schemas).flatMap(([name, shape]) => [
    `### ${name}`,
    ...shapeOf(shape),
  ]);
  return `${[preface, ...chapters, '## What is answered', ...shapes].join('\n\n')}\n`;
}

function chapterOf({ name, told }: { readonly name: string; readonly told: Operation }): readonly string[] {
  const { summary, description, parameters, requestBody } = told;
  const [body] = Object.values(requestBody?.content ?? {});
  return [
    `### ${name}`,
    `${summary.replace(/[?]?$/, (end) => (end === '' ? '.' : end))} ${description}`,
    ...(parameters.every(isOfEvery) ? [] : [parameterTable(told)]),
    ...(body?.schema === undefined ? [] : ['Body:', ...shapeOf(body.schema)]),
    ...Object.values(body?.examples ?? {}).map(({ value }) => block(value)),
    `Answers ${answersOf(told)}.`,
  ];
}

/** Told once, above. */
const isOfEvery = ({ name }: Operation['parameters'][number]): boolean => name === 'idempotency-key';

const parameterTable = ({ parameters }: Operation): string =>
  table(
    ['parameter', 'in', 'type', 'means'],
    parameters
      .filter((one) => !isOfEvery(one))
      .map(({ name, in: place, required, schema: type, description = '' }) => [
        `\`${name}\``,
        place,
        typeOf(type),
        required === true ? `${description} **Must be given.**`.trim() : description,
      ]),
  );

const block = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** Those that every request may get are told once, above. */
const ofEvery = new Set(['401', '429', '500', '503', '403', '409', '422', '400', '413', '415']);

function answersOf({ responses }: Operation): string {
  const own = Object.entries(responses).filter(([status]) => !ofEvery.has(status));
  return own
    .map(([status, { content = {} }]) => {
      const [[type = '', told] = []] = Object.entries(content);
      return status.startsWith('2') ? `${status} ${answerType(type, told?.schema)}` : status;
    })
    .join(', ');
}

const answerType = (type: string, shape: Schema | undefined): string =>
  type === 'application/json' && shape !== undefined ? keysOrType(shape) : `\`${type}\``;

const keysOrType = (shape: Schema): string =>
  Object.entries(shape.properties ?? {})
    .map(([name, inner]) => `\`${name}\`: ${typeOf(inner)}`)
    .join('; ') || typeOf(shape);

function shapeOf(shape: Schema): readonly string[] {
  const { properties, anyOf = [], oneOf = [], description, required = [] } = shape;
  const ways = [...anyOf, ...oneOf];
  if (properties === undefined)
    return ways.length === 0
      ? [`${description ?? typeOf(shape)}`]
      : ways.flatMap((way) => (way.properties === undefined ? [typeOf(way)] : shapeOf(way)));
  return [
    ...(description === undefined ? [] : [`${description.replace(/[.]$/, '')}.`]),
    table(['key', 'type', 'means'], rowsOf(properties, required)),
  ];
}

/** Keys of what is within stand below it. */
const rowsOf = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  path = '',
): readonly (readonly string[])[] =>
  Object.entries(properties).flatMap(([name, inner]) => {
    const where = `${path}${name}`;
    const one = withoutNull(inner);
    const { properties: more, required: mustBe = [] } = one.items ?? one;
    const own = [
      `\`${where}\``,
      `${typeOf(inner)}${required.includes(name) ? '' : ', or left out'}`,
      inner.description ?? '',
    ];
    return [
      own,
      ...(more === undefined ? [] : rowsOf(more, mustBe, `${where}${one.items === undefined ? '' : '[]'}.`)),
    ];
  });

const isNull = ({ type }: Schema): boolean => type === 'null';

/** What it is where it is there at all. */
function withoutNull(shape: Schema): Schema {
  const [only, ...more] = (shape.anyOf ?? []).filter((one) => !isNull(one));
  return only === undefined || more.length > 0 ? shape : only;
}

function typeOf(shape: Schema): string {
  const {
    $ref,
    type,
    enum: choices,
    const: only,
    items,
    anyOf,
    oneOf,
    properties,
    additionalProperties,
  } = shape;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    return `[${name}](#${name.toLowerCase()})`;
  }
  const ways = anyOf ?? oneOf;
  if (ways !== undefined) return [...new Set(ways.map(typeOf))].join(' or ');
  if (choices !== undefined) return choices.map((one) => `\`${JSON.stringify(one)}\``).join(', ');
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (properties !== undefined) return 'object';
  if (typeof additionalProperties === 'object') return `name: ${typeOf(additionalProperties)}`;
  const types = [type ?? 'any'].flat().map((one) => (one === 'integer' ? 'whole number' : one));
  return types.join(' or ');
}
