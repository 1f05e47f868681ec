/** `/users`, `/users/{id}` and the deleted ones. */
import type { Directory, EmulatedUser } from './directory.ts';
import { denied, notFound, unsupported } from './graph-error.ts';
import { listBody, pageOf } from './pages.ts';
import {
  hasRole,
  idsInFilter,
  needsEventual,
  pageSizeOf,
  type Reply,
  type Request,
  selectedOf,
} from './query.ts';
import { singleReadOnly } from './schema.ts';

export interface Tenant {
  readonly directory: Directory;
  readonly options: TenantOptions;
  /** Where Graph is, with the version. */
  readonly base: string;
}

export interface TenantOptions {
  /** What becomes of `employeeLeaveDateTime` without its permission: nobody outside of Microsoft could say. */
  leaveDateWithoutPermission: 'refused' | 'left-out';
  /** Users on a page of a delta. */
  deltaPageSize: number;
  /** A delta tells of a restored user although only some properties are tracked. */
  tellsRestores: boolean;
  /** A first delta tells of users who are deleted already. */
  tellsOldDeletions: boolean;
  /** After the first page of every first delta comes one without users. */
  hasEmptyPages: boolean;
  /** A delta shows of somebody who changed only what has changed, or all that is tracked. */
  deltaShows: 'whole' | 'changed';
  /** The count of users that `$count` tells, where it is not the true one. */
  countTold: number | undefined;
}

/** A user as an answer shows them: what was set once and is empty now is null, what was never set is left out. */
export function shown(
  user: EmulatedUser,
  select: readonly string[],
  { options }: Tenant,
  request: Pick<Request, 'roles'>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { id: user.id };
  for (const name of select) {
    if (name === 'employeeLeaveDateTime' && !request.roles.has('User-LifeCycleInfo.Read.All')) {
      if (options.leaveDateWithoutPermission === 'refused') throw denied();
      continue;
    }
    if (user.everSet.has(name)) result[name] = user.properties[name] ?? null;
  }
  return result;
}

export function usersRoute(tenant: Tenant, request: Request): Reply | undefined {
  const { path } = request;
  if (path === '/users') return listUsers(tenant, request);
  if (path === '/users/$count') return countUsers(tenant, request);
  const [, id] = /^\/users\/([^/]+)$/.exec(path) ?? [];
  if (id !== undefined) return readUser(tenant, request, id);
  const [, deleted] = /^\/directory\/deletedItems\/([^/]+)$/.exec(path) ?? [];
  if (deleted === 'microsoft.graph.user') return listDeleted(tenant, request);
  if (deleted !== undefined) return readDeleted(tenant, request, deleted);
  return undefined;
}

const mayReadUsers = (request: Request): void => {
  if (!hasRole(request, 'User.Read.All')) throw denied();
};

function live({ directory }: Tenant): EmulatedUser[] {
  return [...directory.users.keys()].flatMap((id) => {
    const user = directory.read(id);
    return user?.state === 'live' ? [user] : [];
  });
}

function listUsers(tenant: Tenant, request: Request): Reply {
  mayReadUsers(request);
  const { parameters } = request;
  const select = selectedOf(parameters.get('$select'));
  refuseSingleOnly(select);
  const filter = parameters.get('$filter');
  if (parameters.has('$count')) needsEventual(request);
  const everybody =
    filter === undefined
      ? live(tenant)
      : (byProperty(tenant, filter) ??
        idsInFilter(filter).flatMap((id) => {
          const user = tenant.directory.read(id);
          return user?.state === 'live' ? [user] : [];
        }));
  const page = pageOf(everybody, pageSizeOf(parameters), parameters, `${tenant.base}/users`);
  const expand = parameters.get('$expand');
  const items = (page.items as EmulatedUser[]).map((user) => ({
    ...shown(user, select, tenant, request),
    ...(expand?.startsWith('manager') && user.manager !== undefined
      ? { manager: { '@odata.type': '#microsoft.graph.user', id: user.manager } }
      : {}),
  }));
  return { status: 200, body: listBody({ ...page, items }, `${tenant.base}/$metadata#users`) };
}

/** `mail eq '...'` and its like, and `proxyAddresses/any(p:p eq '...')`, whatever the case; undefined for other filters. */
function byProperty(tenant: Tenant, filter: string): readonly EmulatedUser[] | undefined {
  const [, plain, text] = /^(\w+) eq '((?:[^']|'')*)'$/.exec(filter) ?? [];
  const [, list, item] = /^(\w+)\/any\(p:p eq '((?:[^']|'')*)'\)$/.exec(filter) ?? [];
  const property = plain ?? list;
  if (property === undefined || property === 'id') return undefined;
  const wanted = (text ?? item ?? '').replaceAll("''", "'").toLowerCase();
  return live(tenant).filter(({ properties }) =>
    [properties[property]].flat().some((value) => String(value).toLowerCase() === wanted),
  );
}

function countUsers(tenant: Tenant, request: Request): Reply {
  mayReadUsers(request);
  needsEventual(request);
  return {
    status: 200,
    body: String(tenant.options.countTold ?? live(tenant).length),
    headers: { 'content-type': 'text/plain' },
  };
}

function readUser(tenant: Tenant, request: Request, id: string): Reply {
  mayReadUsers(request);
  const user = tenant.directory.read(id);
  if (user?.state !== 'live') throw notFound(id);
  return { status: 200, body: shown(user, selectedOf(request.parameters.get('$select')), tenant, request) };
}

function listDeleted(tenant: Tenant, request: Request): Reply {
  mayReadUsers(request);
  const select = selectedOf(request.parameters.get('$select'));
  const deleted = [...tenant.directory.users.values()].filter((user) => user.state === 'soft-deleted');
  const items = deleted.map((user) => shown(user, select, tenant, request));
  return { status: 200, body: listBody({ items, next: undefined }, `${tenant.base}/$metadata#users`) };
}

function readDeleted(tenant: Tenant, request: Request, id: string): Reply {
  mayReadUsers(request);
  const user = tenant.directory.users.get(id);
  if (user?.state !== 'soft-deleted') throw notFound(id);
  return { status: 200, body: { '@odata.type': '#microsoft.graph.user', id: user.id } };
}

export function refuseSingleOnly(select: readonly string[]): void {
  const single = select.find((name) => singleReadOnly.has(name));
  if (single !== undefined)
    throw unsupported(`The property '${single}' can only be requested for a single user.`);
}
