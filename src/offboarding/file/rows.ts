/** A CSV file of people who left, as an HR system exports it, row by row. Pure. */
import { parse } from 'csv-parse/sync';
import { storableText } from '../../identity/storable.ts';
import type { Word } from '../word.ts';

/** A row as a word, or what is wrong with it. */
export type Row = { readonly line: number; readonly person: string } & (
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'bad'; readonly sentence: string }
);

export type ReadFile =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'unreadable'; readonly sentence: string };

/** What a column may be called, without regard to case, spaces, hyphens and underscores. */
const columns = {
  email: ['email', 'mail', 'emailaddress'],
  employeeNumber: ['employeenumber', 'employeeid', 'personnelnumber'],
  login: ['login', 'username', 'user'],
  anchor: ['anchor'],
  source: ['source'],
  at: ['at', 'leavedate', 'lastday', 'enddate'],
  reason: ['reason'],
  eventId: ['eventid'],
  action: ['action'],
} as const;

type Column = keyof typeof columns;
type Values = { readonly [Name in Column]?: string };

const whoColumns = ['email', 'employeeNumber', 'login', 'anchor'] as const satisfies readonly Column[];

/** Such as an export's name, which stands for the event where a row has no id of its own. */
export function readRows(bytes: Uint8Array, fileName: string): ReadFile {
  const text = decoded(bytes);
  if (text === undefined) return unreadable('It is not in UTF-8. Save it as "CSV UTF-8".');
  const [head = ''] = text.split(/\r?\n/, 1);
  const names = new Set<Column | undefined>();
  let lines: readonly { readonly record: Values; readonly info: { readonly lines: number } }[];
  try {
    lines = parse(text, {
      bom: true,
      info: true,
      delimiter: [';', '\t'].find((delimiter) => head.includes(delimiter)) ?? ',',
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      columns: (heads: readonly string[]) =>
        heads.map((name) => {
          const column = columnOf(name);
          const isNew = column !== undefined && !names.has(column);
          if (isNew) names.add(column);
          return isNew ? column : false;
        }),
    });
  } catch (error) {
    return unreadable(`It is no CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!whoColumns.some((name) => names.has(name)))
    return unreadable(
      'No column of its first line names people: email, employee_number, login or anchor (docs/offboarding.md).',
    );
  return { kind: 'rows', rows: lines.map(({ record, info }) => rowOf(record, info.lines, fileName)) };
}

const unreadable = (sentence: string): ReadFile => ({ kind: 'unreadable', sentence });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function columnOf(head: string): Column | undefined {
  const plain = head.toLowerCase().replaceAll(/[\s_-]/g, '');
  for (const [name, spellings] of Object.entries(columns))
    if (spellings.some((spelling) => spelling === plain)) return isColumn(name) ? name : undefined;
  return undefined;
}

const isColumn = (name: string): name is Column => Object.hasOwn(columns, name);

function rowOf(values: Values, line: number, fileName: string): Row {
  const value = (column: Column): string | undefined => {
    const given = values[column];
    return given === undefined || given === '' ? undefined : storableText(given);
  };
  const person = whoColumns.flatMap((column) => value(column) ?? []).join(' ');
  const bad = (sentence: string): Row => ({ line, person, kind: 'bad', sentence });
  if (person === '') return bad('The row names nobody.');
  const longest = Object.values(values).find((text) => text !== undefined && text.length > 500);
  if (longest !== undefined) return bad('One of its values is longer than 500 characters.');
  const who = {
    kind: 'names',
    email: value('email'),
    employeeNumber: value('employeeNumber'),
    login: value('login'),
    anchor: value('anchor'),
    source: value('source'),
  } as const;
  const eventId = value('eventId') ?? `${fileName}:${line}`;
  const at = value('at');
  switch ((value('action') ?? 'leaves').toLowerCase()) {
    case 'leaves':
    case 'left': {
      const when = at === undefined ? ({ kind: 'now' } as const) : ({ kind: 'text', text: at } as const);
      const word = { kind: 'left', who, when, reason: value('reason') ?? 'They left.', eventId } as const;
      return { line, person, kind: 'word', word };
    }
    case 'returns': {
      const word = { kind: 'returns', who, reason: value('reason') ?? 'They are back.', eventId } as const;
      return { line, person, kind: 'word', word };
    }
    default:
      return bad('The action is neither `leaves` nor `returns`.');
  }
}
