/** docs/configuration.md, made from the schema of the configuration. */
import { stringify } from 'yaml';
import type { JsonSchema } from '../../../config/json-schema.ts';
import { table } from '../table.ts';
import { formsOf, type Key, type Section } from './keys.ts';

export const documentFile = new URL('../../../docs/configuration.md', import.meta.url);

const preface = `# Configuration: every key

One YAML file: \`--config FILE\`, else \`ROLLCALL_CONFIG\`, else \`config/rollcall.yaml\`. [config/examples](../config/examples) has files to begin with, and
\`rollcall config explain\` says in words what yours means. It is checked as a whole before anything starts; an unknown key is an error, with its line. A change counts from the next start of the service, or the next command.

- **Secrets** stay out of the file: \`\${env:NAME}\` is an environment variable, \`\${file:/run/secrets/name}\` the content of a file without its last line end. Both may stand in any text.
- **Any key from the environment**, which wins over the file: two underscores between levels, a source by its id. \`ROLLCALL__SERVER__PORT=9090\`, \`ROLLCALL__SOURCES__CORP__PASSWORD=...\`.
- **Paths** are relative to the folder of the file; the defaults below \`data/\` to the folder that Rollcall is started in.
- **In an editor:** \`rollcall config schema > rollcall.schema.json\`, and as first line of the file \`# yaml-language-server: $schema=rollcall.schema.json\`.

| type | is written as |
|---|---|
| duration | a number and its unit: \`500ms\`, \`30s\`, \`5m\`, \`24h\`, \`90d\` |
| size | a number and its unit: \`512B\`, \`512KiB\`, \`8MiB\`, \`1GiB\` |
| cron pattern | minute, hour, day, month, weekday: \`"*/5 * * * *"\`; with six fields the first is seconds |
| time zone | its name in the IANA database: \`Europe/Vienna\` |
| CEL | a [CEL expression](https://cel.dev) over \`user\`: \`user.mail\` is the first value of an attribute, \`user.all.mail\` all of them, \`has(user.mail)\` asks; and of everybody \`user.anchor\`, \`user.source\`, \`user.login\`, \`user.email\`, \`user.active\`, \`user.leaveAt\`, \`user.groups\` |

\`[]\` stands for each entry of a list, \`NAME\` for a name that you choose. This page is made from the program (\`npm run docs:config\`).`;

export function documentOf(sections: readonly Section[]): string {
  const parts = sections.flatMap(({ title, about, keys: [first, ...more] }) => {
    // What is said of a section stands above it.
    const keys =
      first !== undefined && first.path === title && isGroup(first.schema) ? more : [first, ...more];
    return [
      `${title.includes(':') ? '###' : '##'} ${title}`,
      ...(about === '' ? [] : [`${about.replace(/[.]$/, '')}.`]),
      keyTable(keys.filter((key) => key !== undefined)),
    ];
  });
  return `${[preface, ...parts].join('\n\n')}\n`;
}

const keyTable = (keys: readonly Key[]): string =>
  table(
    ['key', 'type', 'default', 'example', 'meaning'],
    keys.map(({ path, schema, need }) => [
      `\`${path}\``,
      typeOf(schema),
      needed[need] ?? (isGroup(schema) ? '' : code(schema.default)),
      isGroup(schema) ? '' : code(exampleOf(schema)),
      schema.description ?? '',
    ]),
  );

const needed: Readonly<Record<Key['need'], string | undefined>> = {
  always: '**must be given**',
  'in one way': 'one of several ways',
  no: undefined,
};

/** Its keys say what it is; nothing else can be written there. */
const isGroup = (schema: JsonSchema): boolean =>
  formsOf(schema).every(({ properties }) => properties !== undefined);

const code = (value: unknown): string =>
  value === undefined ? '' : `\`${stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()}\``;

/** The one that is told of the key itself; else another choice than the default; else the default; else any of its kind. */
export function exampleOf(schema: JsonSchema): unknown {
  const forms = formsOf(schema);
  const isLength = forms.some(({ title }) => title === 'duration' || title === 'size');
  if (isLength && forms.length === 1 && schema.default !== undefined) return schema.default;
  const [told] = schema.examples ?? [];
  if (told !== undefined) return told;
  const choices = forms.flatMap((form) => form.enum ?? (form.const === undefined ? [] : [form.const]));
  if (choices.length > 0) return choices.find((choice) => choice !== schema.default) ?? choices[0];
  if (schema.type === 'boolean') return schema.default !== true;
  if (schema.default !== undefined && schema.title === undefined) return schema.default;
  return forms.flatMap(({ examples = [] }) => examples)[0] ?? exampleOfList(schema);
}

function exampleOfList({ items }: JsonSchema): unknown {
  const one = items === undefined ? undefined : exampleOf(items);
  return one === undefined ? undefined : [one];
}

function typeOf(schema: JsonSchema): string {
  const types = new Set(formsOf(schema).map(oneTypeOf));
  return [...types].join(', or ');
}

function oneTypeOf(form: JsonSchema): string {
  const { title, enum: choices, const: only, items, type, format, properties, additionalProperties } = form;
  if (title !== undefined) return title;
  if (choices !== undefined) return choices.map(code).join(', ');
  if (only !== undefined) return code(only);
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (properties !== undefined) return 'keys';
  if (typeof additionalProperties === 'object') return `name: ${typeOf(additionalProperties)}`;
  if (type === 'integer' || type === 'number') return numberType(form);
  if (type === 'boolean') return 'true or false';
  if (format === 'uri') return 'address';
  return format === 'email' ? 'e-mail address' : 'text';
}

/** zod puts the largest safe number where none is told. */
function numberType({ type, minimum, maximum }: JsonSchema): string {
  const isTold = (limit: number | undefined) =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  const kind = type === 'integer' ? 'whole number' : 'number';
  if (isTold(minimum) && isTold(maximum)) return `${kind}, ${minimum} to ${maximum}`;
  return isTold(minimum) ? `${kind} from ${minimum}` : kind;
}
