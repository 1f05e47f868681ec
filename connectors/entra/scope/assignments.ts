/** Who is assigned to an application, alone or by a group. */
import { z } from 'zod';
import { EntraError } from '../entra-error.ts';
import type { Graph } from '../graph/graph.ts';
import { allItems } from '../graph/pages.ts';

export interface Assignments {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

const permission = 'Application.Read.All';

const assignmentSchema = z.looseObject({ principalId: z.string(), principalType: z.string() });

/** @throws {EntraError} `base`, when the application is not in the tenant */
export async function readAssignments(
  graph: Graph,
  clientId: string,
  signal: AbortSignal,
): Promise<Assignments> {
  const application = await graph.ask({
    what: `Looking for the application ${clientId} of scope.assignedTo`,
    permission,
    address: `/servicePrincipals(appId='${clientId}')?$select=id`,
    signal,
  });
  const what = `Reading who is assigned to the application ${clientId}`;
  const address = `/servicePrincipals/${String(application.id)}/appRoleAssignedTo?$top=999`;
  const users = new Set<string>();
  const groups = new Set<string>();
  for (const item of await allItems(graph, { what, permission, address, signal })) {
    const assignment = assignmentSchema.safeParse(item);
    if (!assignment.success)
      throw new EntraError(
        'protocol',
        `${what} failed: Graph's answer has an assignment that says not whose it is`,
        'The next run begins anew.',
      );
    const { principalId, principalType } = assignment.data;
    if (principalType === 'User') users.add(principalId.toLowerCase());
    if (principalType === 'Group') groups.add(principalId.toLowerCase());
  }
  return { users: [...users].sort(), groups: [...groups].sort() };
}
