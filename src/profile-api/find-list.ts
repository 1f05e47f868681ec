/** Finds the list in a body whose shape is not documented, and the total where one is offered. */
import { isRecord } from './json-body.ts';
import type { AttributeValue } from './profile.ts';

export type FoundList =
  | {
      readonly ok: true;
      readonly rows: readonly AttributeValue[];
      /** How many users there are in all, if the body says so. */
      readonly total: number | undefined;
      /** Where the list was: give it as `path` for the next pages, which may be empty. */
      readonly path: string;
    }
  | { readonly ok: false; readonly complaint: string };

type Rows = readonly AttributeValue[];

interface Candidate {
  readonly path: string;
  readonly rows: Rows;
}

const totalNames = [
  'count',
  'total',
  'total_count',
  'totalcount',
  'total_items',
  'totalitems',
  'total_records',
  'totalrecords',
  'total_results',
  'records_total',
  'recordstotal',
];

const mend = 'Set profileApi.listPath to where the list is, such as data.users.';

/**
 * Takes a bare array, or the one array of objects that an object holds, at most two levels deep. Anything else, two
 * candidates among it, is a complaint and never an empty list.
 * @param path where the list is, such as `data.users`; the empty text means the body itself
 */
export function findList(body: AttributeValue, path?: string): FoundList {
  return path === undefined ? searchList(body) : takeList(body, path);
}

function takeList(body: AttributeValue, path: string): FoundList {
  const steps = path === '' ? [] : path.split('.');
  let value: AttributeValue | undefined = body;
  for (const step of steps) {
    value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  if (!isList(value)) {
    return {
      ok: false,
      complaint: `There is no list at ${path === '' ? 'the top' : path} of the answer. ${mend}`,
    };
  }
  return accept(body, { path, rows: value });
}

function searchList(body: AttributeValue): FoundList {
  if (isList(body)) return accept(body, { path: '', rows: body });
  if (!isRecord(body)) return { ok: false, complaint: `The answer is not a list of users. ${mend}` };
  const candidates = [...candidatesIn(body, '', 2)];
  const filled = candidates.filter((one) => one.rows.length > 0);
  const [first, second] = candidates;
  const [onlyFilled, anotherFilled] = filled;
  if (first === undefined)
    return { ok: false, complaint: `There is no list of users in the answer. ${mend}` };
  if (second === undefined) return accept(body, first);
  // Beside empty lists, one with profiles in it is the one; one with other things (errors, roles) need not be.
  if (onlyFilled !== undefined && anotherFilled === undefined && hasProfiles(onlyFilled.rows)) {
    return accept(body, onlyFilled);
  }
  const places = candidates.map((one) => one.path).join(', ');
  return { ok: false, complaint: `More than one list in the answer could be the users: ${places}. ${mend}` };
}

function* candidatesIn(
  record: { readonly [key: string]: AttributeValue },
  prefix: string,
  levels: number,
): Generator<Candidate> {
  for (const [key, value] of Object.entries(record)) {
    const path = `${prefix}${key}`;
    if (isList(value)) {
      // One row that is no object is a bad row, and no reason to miss the list.
      if (value.length === 0 || value.some(isRecord)) yield { path, rows: value };
    } else if (levels > 1 && isRecord(value)) {
      yield* candidatesIn(value, `${path}.`, levels - 1);
    }
  }
}

function accept(body: AttributeValue, { path, rows }: Candidate): FoundList {
  if (rows.length > 0 && !rows.some(isRecord)) {
    return { ok: false, complaint: `The list in the answer holds no users, but ${typeof rows[0]}s. ${mend}` };
  }
  return { ok: true, rows, path, total: totalBeside(body, path) };
}

/** A total stands beside the list, or further up; the nearest counts. */
function totalBeside(body: AttributeValue, path: string): number | undefined {
  const holders: AttributeValue[] = [body];
  let value: AttributeValue | undefined = body;
  for (const step of path.split('.').slice(0, -1)) {
    value = isRecord(value) ? value[step] : undefined;
    if (value !== undefined) holders.push(value);
  }
  for (const holder of holders.reverse()) {
    const total = isRecord(holder) ? totalIn(holder) : undefined;
    if (total !== undefined) return total;
  }
  return undefined;
}

function totalIn(record: { readonly [key: string]: AttributeValue }): number | undefined {
  const byName = new Map(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
  for (const name of totalNames) {
    const value = byName.get(name);
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  }
  for (const name of ['pagination', 'meta', 'paging', 'page_info']) {
    const nested = byName.get(name);
    const total = isRecord(nested) ? totalIn(nested) : undefined;
    if (total !== undefined) return total;
  }
  return undefined;
}

function hasProfiles(rows: Rows): boolean {
  return rows.some((row) => isRecord(row) && 'profile_id' in row);
}

function isList(value: AttributeValue | undefined): value is Rows {
  return Array.isArray(value);
}
