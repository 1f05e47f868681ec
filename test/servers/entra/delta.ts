/** Delta queries over users, groups and administrative units: a first reading in pages, then what has changed. */
import type { Change } from './directory.ts';
import { denied, GraphRefusal, unsupported } from './graph-error.ts';
import { hasRole, idsInFilter, type Reply, type Request, selectedOf } from './query.ts';
import { refuseSingleOnly, shown, type Tenant } from './users.ts';

/** How Graph says that a token is of no use any more: there is no one way. */
export type Expiry =
  | 'syncStateNotFound'
  | 'resyncRequired'
  | 'gone-with-location'
  | 'older-than-30-days'
  | 'expired-page-token';

/** What a token stands for. To a client it is opaque. */
interface State {
  readonly collection: 'users' | 'groups' | 'administrativeUnits';
  readonly select: readonly string[];
  /** Only these objects are tracked. */
  readonly ids: readonly string[] | undefined;
  readonly minimal: boolean;
  /** A first reading tells of everybody, later ones of what has changed. */
  readonly phase: 'first' | 'changes';
  /** Everything up to this place in the log has been told. */
  readonly since: number;
  /** Where the log ended when the first of these pages was asked for. */
  readonly until: number | undefined;
  /** How much of these pages has been told. */
  readonly at: number;
  /** Which generation of tokens it belongs to: those of an older one have expired. */
  readonly generation: number;
}

export interface Deltas {
  /** Makes all tokens given so far worthless. */
  expire(form: Expiry): void;
  route(tenant: Tenant, request: Request): Reply | undefined;
}

export function createDeltas(): Deltas {
  let generation = 0;
  let expiry: Expiry = 'syncStateNotFound';
  return {
    expire(form) {
      generation += 1;
      expiry = form;
    },
    route(tenant, request) {
      const form = /^\/(users|groups|directory\/administrativeUnits)\/(?:microsoft\.graph\.)?delta(?:\(\))?$/;
      const [, place] = form.exec(request.path) ?? [];
      if (place === undefined) return undefined;
      const collection = place === 'users' ? 'users' : place === 'groups' ? 'groups' : 'administrativeUnits';
      const role = {
        users: 'User.Read.All',
        groups: 'GroupMember.Read.All',
        administrativeUnits: 'AdministrativeUnit.Read.All',
      };
      if (!hasRole(request, role[collection])) throw denied();
      const address = `${tenant.base}/${place}/delta`;
      const token = request.parameters.get('$skiptoken') ?? request.parameters.get('$deltatoken');
      if (token === undefined || token === 'latest') {
        const state = firstState(collection, request, generation, tenant);
        if (token === 'latest') return linkOnly(address, state);
        return answerOf(tenant, request, state, address);
      }
      const state = readToken(token);
      if (state.generation !== generation) throw expired(expiry, address);
      return answerOf(tenant, request, state, address);
    },
  };
}

function firstState(
  collection: State['collection'],
  { parameters, headers }: Request,
  generation: number,
  { directory }: Tenant,
): State {
  for (const name of ['$top', '$expand', '$orderby', '$count', '$search'])
    if (parameters.has(name)) throw unsupported(`The query option ${name} is not supported with delta.`);
  const filter = parameters.get('$filter');
  const select =
    collection === 'users'
      ? selectedOf(parameters.get('$select'))
      : (parameters.get('$select') ?? 'id').split(',');
  if (collection === 'users') refuseSingleOnly(select);
  return {
    collection,
    select,
    ids: filter === undefined ? undefined : idsInFilter(filter, 50),
    minimal: headers.prefer?.includes('return=minimal') ?? false,
    phase: parameters.get('$deltatoken') === 'latest' ? 'changes' : 'first',
    since: directory.now,
    until: undefined,
    at: 0,
    generation,
  };
}

function answerOf(tenant: Tenant, request: Request, state: State, address: string): Reply {
  return state.phase === 'first'
    ? firstReading(tenant, request, state, address)
    : changesReading(tenant, request, state, address);
}

function changesReading(tenant: Tenant, request: Request, state: State, address: string): Reply {
  const { directory, options } = tenant;
  const until = state.until ?? directory.now;
  const news = changesOf(tenant, request, state, directory.log.slice(state.since, until));
  const end = state.at + options.deltaPageSize;
  const page = news.slice(state.at, end);
  return end < news.length
    ? body(address, { ...state, until, at: end }, page, false)
    : body(address, { ...state, since: until, until: undefined, at: 0 }, page, true);
}

/** Goes through the objects by their place; those that change meanwhile come again before the end. */
function firstReading(tenant: Tenant, request: Request, state: State, address: string): Reply {
  const { directory, options } = tenant;
  const all =
    state.collection === 'users' ? firstUsers(tenant, request, state) : firstContainers(tenant, state);
  const at = Math.floor(state.at);
  // A slice of a container's members fills a page.
  const end = at + (state.collection === 'users' ? options.deltaPageSize : 1);
  if (options.hasEmptyPages && state.at === options.deltaPageSize)
    return body(address, { ...state, at: at + 0.5 }, [], false);
  const page = all.slice(at, end).flatMap((make) => make() ?? []);
  if (end < all.length) return body(address, { ...state, at: end }, page, false);
  const hasNews = directory.now > state.since;
  return body(address, { ...state, phase: 'changes', at: 0 }, page, !hasNews);
}

type Item = Record<string, unknown> & { readonly id: string };

/** Everybody has a place, deleted or not: who is deleted while it goes on moves nobody else. */
function firstUsers(
  tenant: Tenant,
  request: Request,
  { ids, select }: State,
): readonly (() => Item | undefined)[] {
  const tracked = [...tenant.directory.users.values()].filter(
    ({ id }) => ids === undefined || ids.includes(id),
  );
  return tracked.map((user) => () => {
    if (user.state === 'live') return { ...userItem(tenant, request, user.id, select), id: user.id };
    return tenant.options.tellsOldDeletions
      ? removedItem(user.id, user.state === 'gone' ? 'deleted' : 'changed')
      : undefined;
  });
}

/** A large container comes on several pages, with other members each time. */
function firstContainers({ directory, options }: Tenant, { collection, ids, select }: State) {
  const containers = collection === 'groups' ? directory.groups : directory.units;
  return [...containers.values()]
    .filter((one) => ids === undefined || ids.includes(one.id))
    .flatMap((one) => {
      const members = [...one.members];
      const slices = [members.slice(0, options.deltaPageSize)];
      for (let at = options.deltaPageSize; at < members.length; at += options.deltaPageSize)
        slices.push(members.slice(at, at + options.deltaPageSize));
      return slices.map(
        (slice) => (): Item => ({
          id: one.id,
          ...(select.includes('members')
            ? {
                'members@delta': slice.map(([id, type]) => ({
                  '@odata.type': `#microsoft.graph.${type}`,
                  id,
                })),
              }
            : {}),
        }),
      );
    });
}

const trackedKinds = { users: 'user', groups: 'group', administrativeUnits: 'unit' } as const;

const isTracked = ({ collection, ids }: State, { of, id }: Change): boolean =>
  trackedKinds[collection] === of && (ids === undefined || ids.includes(id));

function changesOf(tenant: Tenant, request: Request, state: State, log: readonly Change[]): readonly Item[] {
  const byId = Map.groupBy(
    log.filter((change) => isTracked(state, change)),
    (change) => change.id,
  );
  return [...byId].flatMap(([id, changes]) => {
    const item =
      state.collection === 'users'
        ? userChange(tenant, request, state, id, changes)
        : membersChange(id, changes);
    return item === undefined ? [] : [item];
  });
}

function userChange(
  tenant: Tenant,
  request: Request,
  { select, minimal }: State,
  id: string,
  changes: readonly Change[],
): Item | undefined {
  const user = tenant.directory.users.get(id);
  if (user === undefined || user.state === 'gone') return removedItem(id, 'deleted');
  if (user.state === 'soft-deleted') return removedItem(id, 'changed');
  const edited = new Set(changes.flatMap((change) => (change.kind === 'edited' ? change.properties : [])));
  const isNew = changes.some((change) => change.kind === 'created');
  const isBack = changes.some((change) => change.kind === 'restored') && tenant.options.tellsRestores;
  const news = select.filter((name) => edited.has(name));
  if (!isNew && !isBack && news.length === 0) return undefined;
  const isPartial = !isNew && (minimal || tenant.options.deltaShows === 'changed');
  return { ...userItem(tenant, request, id, isPartial ? news : select), id };
}

function membersChange(id: string, changes: readonly Change[]): Item {
  const members = new Map<string, object>();
  for (const change of changes) {
    if (change.kind !== 'joined' && change.kind !== 'left') continue;
    const removed = change.kind === 'left' ? { '@removed': { reason: 'deleted' } } : {};
    members.set(change.member, {
      '@odata.type': `#microsoft.graph.${change.type}`,
      id: change.member,
      ...removed,
    });
  }
  return { id, 'members@delta': [...members.values()] };
}

const removedItem = (id: string, reason: 'changed' | 'deleted'): Item => ({ id, '@removed': { reason } });

function userItem(tenant: Tenant, request: Request, id: string, select: readonly string[]) {
  const user = tenant.directory.users.get(id);
  if (user === undefined) return {};
  const manager =
    select.includes('manager') && user.manager !== undefined
      ? { 'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: user.manager }] }
      : {};
  return {
    ...shown(
      user,
      select.filter((name) => name !== 'manager'),
      tenant,
      request,
    ),
    ...manager,
  };
}

function body(address: string, state: State, items: readonly Item[], isOver: boolean): Reply {
  const link = isOver
    ? { '@odata.deltaLink': `${address}?$deltatoken=${writeToken(state)}` }
    : { '@odata.nextLink': `${address}?$skiptoken=${writeToken(state)}` };
  return { status: 200, body: { '@odata.context': `${address}#${state.collection}`, ...link, value: items } };
}

const linkOnly = (address: string, state: State): Reply => body(address, state, [], true);

const writeToken = (state: State): string => Buffer.from(JSON.stringify(state)).toString('base64url');

function readToken(token: string): State {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw new GraphRefusal(400, 'BadRequest', "The value of 'deltatoken' is malformed.");
  }
}

function expired(form: Expiry, address: string): GraphRefusal {
  switch (form) {
    case 'syncStateNotFound':
      return new GraphRefusal(400, 'syncStateNotFound', 'The sync state generation is not found.');
    case 'resyncRequired':
      return new GraphRefusal(410, 'resyncRequired', 'Resync required. Replace any local items.');
    case 'gone-with-location':
      return new GraphRefusal(410, 'syncStateInvalid', 'The sync state is invalid.', {
        location: `${address}?$deltatoken=`,
      });
    case 'older-than-30-days':
      return unsupported('DeltaLink older than 30 days is not supported.');
    case 'expired-page-token':
      return new GraphRefusal(
        400,
        'Directory_ExpiredPageToken',
        'The specified page token value has expired.',
      );
    default:
      return form satisfies never;
  }
}
