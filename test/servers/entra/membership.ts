/** Groups, administrative units and the assignments of an application: who is in what. */
import type { EmulatedGroup, MemberType } from './directory.ts';
import { badQuery, denied, notFound } from './graph-error.ts';
import { listBody, pageOf } from './pages.ts';
import { hasRole, pageSizeOf, type Reply, type Request, selectedOf } from './query.ts';
import { shown, type Tenant } from './users.ts';

export function membershipRoute(tenant: Tenant, request: Request): Reply | undefined {
  const { path } = request;
  const [, check] = /^\/users\/([^/]+)\/checkMemberGroups$/.exec(path) ?? [];
  if (check !== undefined) return checkMemberGroups(tenant, request, check);
  const [, person] = /^\/users\/([^/]+)\/getMemberGroups$/.exec(path) ?? [];
  if (person !== undefined) return getMemberGroups(tenant, request, person);
  const [, group, of, type] =
    /^\/groups\/([^/]+)\/(members|transitiveMembers)(?:\/microsoft\.graph\.(user|group))?$/.exec(path) ?? [];
  if (group !== undefined) return listMembers(tenant, request, group, of === 'transitiveMembers', type);
  const [, named] = /^\/groups\/([^/]+)$/.exec(path) ?? [];
  if (named !== undefined) return readGroup(tenant, request, named);
  const [, unit, member] =
    /^\/directory\/administrativeUnits\/([^/]+)(?:\/members\/([^/]+))?$/.exec(path) ?? [];
  if (unit !== undefined) return readUnit(tenant, request, unit, member);
  return applicationRoute(tenant, request);
}

function groupOf({ directory }: Tenant, request: Request, id: string): EmulatedGroup {
  if (!hasRole(request, 'GroupMember.Read.All', 'Group.Read.All')) throw denied();
  const group = directory.groups.get(id);
  if (group === undefined) throw notFound(id);
  return group;
}

function readGroup(tenant: Tenant, request: Request, id: string): Reply {
  const { displayName } = groupOf(tenant, request, id);
  return { status: 200, body: { '@odata.type': '#microsoft.graph.group', id, displayName } };
}

function listMembers(
  tenant: Tenant,
  request: Request,
  id: string,
  deep: boolean,
  type: string | undefined,
): Reply {
  const group = groupOf(tenant, request, id);
  const members = deep ? tenant.directory.transitiveMembers(group) : group.members;
  return pageOfMembers(tenant, request, members, type, `${tenant.base}${request.path}`);
}

function pageOfMembers(
  tenant: Tenant,
  request: Request,
  members: ReadonlyMap<string, MemberType>,
  type: string | undefined,
  address: string,
): Reply {
  const { parameters } = request;
  const select = selectedOf(parameters.get('$select'));
  const found = [...members].filter(
    ([id, kind]) =>
      (type === undefined || kind === type) &&
      (kind === 'group' || tenant.directory.read(id)?.state === 'live'),
  );
  const page = pageOf(found, pageSizeOf(parameters), parameters, address);
  const items = (page.items as [string, MemberType][]).map(([id, kind]) => {
    const user = tenant.directory.read(id);
    return {
      ...(type === undefined ? { '@odata.type': `#microsoft.graph.${kind}` } : {}),
      ...(user === undefined ? { id } : shown(user, select, tenant, request)),
    };
  });
  return { status: 200, body: listBody({ ...page, items }, `${tenant.base}/$metadata#users`) };
}

function checkMemberGroups(tenant: Tenant, request: Request, id: string): Reply {
  if (!hasRole(request, 'User.Read.All') || !hasRole(request, 'GroupMember.Read.All', 'Group.Read.All'))
    throw denied();
  const asked = Object(request.body).groupIds;
  if (!Array.isArray(asked) || asked.length === 0 || asked.length > 20)
    throw badQuery('The number of group ids must be between 1 and 20.');
  if (tenant.directory.read(id)?.state !== 'live') throw notFound(id);
  const isIn = (group: unknown): boolean => {
    const found = tenant.directory.groups.get(String(group));
    return found !== undefined && tenant.directory.transitiveMembers(found).has(id);
  };
  return { status: 200, body: { value: asked.filter(isIn) } };
}

/** The groups of somebody, those around them too, or a refusal; never a part of them. */
function getMemberGroups(tenant: Tenant, request: Request, id: string): Reply {
  if (!hasRole(request, 'User.Read.All') || !hasRole(request, 'GroupMember.Read.All', 'Group.Read.All'))
    throw denied();
  if (typeof Object(request.body).securityEnabledOnly !== 'boolean')
    throw badQuery('The parameter securityEnabledOnly is missing.');
  const { directory } = tenant;
  if (directory.read(id)?.state !== 'live') throw notFound(id);
  const groups = [...directory.groups.values()].filter((group) => directory.transitiveMembers(group).has(id));
  return { status: 200, body: { value: groups.map((group) => group.id) } };
}

function readUnit(tenant: Tenant, request: Request, id: string, member: string | undefined): Reply {
  if (!hasRole(request, 'AdministrativeUnit.Read.All')) throw denied();
  const unit = tenant.directory.units.get(id);
  if (unit === undefined) throw notFound(id);
  const address = `${tenant.base}${request.path}`;
  if (member === undefined) return { status: 200, body: { id, displayName: unit.displayName } };
  if (member === 'microsoft.graph.user') return pageOfMembers(tenant, request, unit.members, 'user', address);
  if (unit.members.has(member) && tenant.directory.read(member)?.state === 'live')
    return { status: 200, body: { '@odata.type': '#microsoft.graph.user', id: member } };
  throw notFound(member);
}

function applicationRoute(tenant: Tenant, request: Request): Reply | undefined {
  const { path, parameters } = request;
  const [, appId] = /^\/servicePrincipals\(appId='([^']+)'\)$/.exec(path) ?? [];
  const [, id] = /^\/servicePrincipals\/([^/]+)\/appRoleAssignedTo$/.exec(path) ?? [];
  if (appId === undefined && id === undefined) return undefined;
  if (!hasRole(request, 'Application.Read.All')) throw denied();
  if (appId !== undefined) {
    const application = tenant.directory.applications.get(appId);
    if (application === undefined) throw notFound(appId);
    return { status: 200, body: { id: application.id, appId, displayName: 'Rollcall' } };
  }
  const application = [...tenant.directory.applications.values()].find((one) => one.id === id);
  if (application === undefined) throw notFound(id ?? '');
  const page = pageOf(application.assignments, pageSizeOf(parameters), parameters, `${tenant.base}${path}`);
  return { status: 200, body: listBody(page, `${tenant.base}/$metadata#appRoleAssignments`) };
}
