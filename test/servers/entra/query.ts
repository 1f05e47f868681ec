/** The OData parameters of a request, as far as the emulator knows them; what it doesn't know it refuses, as Graph does. */
import { badQuery, unsupported } from './graph-error.ts';
import { isUserProperty } from './schema.ts';

export interface Request {
  readonly method: string;
  /** Below the version, decoded: `/users/delta`. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** The permissions in the token. */
  readonly roles: ReadonlySet<string>;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Both `$select` and `%24select` are the same parameter. */
export function parametersOf(search: string): ReadonlyMap<string, string> {
  const pairs = search.replace(/^\?/, '').split('&').filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decodeURIComponent(name), decodeURIComponent(value.join('=').replaceAll('+', ' '))];
    }),
  );
}

const usualProperties = [
  'id',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'userPrincipalName',
  'jobTitle',
];

/** The selected properties of users; an unknown one refuses the whole query. */
export function selectedOf(select: string | undefined): readonly string[] {
  if (select === undefined) return usualProperties;
  const names = select.split(',').map((name) => name.trim());
  for (const name of names)
    if (!isUserProperty(name))
      throw badQuery(`Could not find a property named '${name}' on type 'microsoft.graph.user'.`);
  return names;
}

/** `$top`, 100 by default and 999 at most. */
export function pageSizeOf(parameters: ReadonlyMap<string, string>): number {
  const top = parameters.get('$top');
  if (top === undefined) return 100;
  const size = Number(top);
  if (!Number.isInteger(size) || size < 1 || size > 999)
    throw unsupported(`Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`);
  return size;
}

const id = `'([^']*)'`;

/** The ids that a filter by id names: `id eq '...' or id eq '...'`, or `id in ('...', '...')`, of 15 at most. */
export function idsInFilter(filter: string, atMost = 15): readonly string[] {
  const list = /^id in \((.*)\)$/.exec(filter);
  const terms = list === null ? filter.split(' or ') : (list[1] ?? '').split(',').map((term) => term.trim());
  const form = new RegExp(list === null ? `^\\(?id eq ${id}\\)?$` : `^${id}$`);
  const ids = terms.map((term) => form.exec(term)?.[1]);
  if (ids.some((one) => one === undefined)) throw unsupported(`Unsupported query: ${filter}`);
  if (ids.length > atMost)
    throw unsupported(`Too many child clauses specified in search filter expression: ${ids.length}.`);
  return ids.flatMap((one) => (one === undefined ? [] : [one]));
}

/** What of Graph's directory counts at all needs the header that accepts an eventual answer. */
export function needsEventual({ headers }: Request): void {
  if (headers.consistencylevel?.toLowerCase() !== 'eventual')
    throw unsupported(
      'Request with $count query parameter only works through MSGraph with a special request header: ConsistencyLevel: eventual',
    );
}

export const hasRole = ({ roles }: Request, ...any: readonly string[]): boolean =>
  any.some((role) => roles.has(role) || roles.has(role.replace('Read.', 'ReadWrite.'))) ||
  roles.has('Directory.Read.All');
