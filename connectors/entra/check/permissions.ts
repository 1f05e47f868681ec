/** The application permissions that a source needs, against those that the token says were consented to. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { ProbeFinding } from '../../connector.ts';
import { groupsPermission } from '../people/groups.ts';
import { leaveDatePermission, type Selection } from '../people/selection.ts';
import { bad, good } from './finding.ts';

interface Need {
  readonly permission: string;
  /** Any of these will do as well. */
  readonly or: readonly string[];
  readonly why: string;
}

function needsOf(
  config: EntraSourceConfig,
  { properties }: Selection,
  asksForGroups: boolean,
): readonly Need[] {
  const { groups, assignedTo, administrativeUnits } = config.scope;
  const directory = ['Directory.Read.All', 'Directory.ReadWrite.All'];
  const need = (permission: string, why: string, or: readonly string[] = []): Need => ({
    permission,
    or: [...or, ...directory],
    why,
  });
  return [
    need('User.Read.All', 'to read users', ['User.ReadWrite.All']),
    ...(groups.length > 0 || assignedTo !== undefined || asksForGroups
      ? [
          need(
            groupsPermission,
            asksForGroups
              ? 'to read the groups that the rules ask for'
              : 'to read who is in the groups of the scope',
            ['Group.Read.All'],
          ),
        ]
      : []),
    ...(assignedTo === undefined
      ? []
      : [need('Application.Read.All', 'to read who is assigned to the application')]),
    ...(administrativeUnits.length === 0
      ? []
      : [need('AdministrativeUnit.Read.All', 'to read the administrative units of the scope')]),
    ...(properties.includes('employeeLeaveDateTime')
      ? [
          {
            permission: leaveDatePermission,
            or: ['User-LifeCycleInfo.ReadWrite.All'],
            why: 'to read employeeLeaveDateTime',
          },
        ]
      : []),
  ];
}

/** Which permissions the token has, which are missing for what is configured, and which are more than is needed. */
export function permissionFindings(
  config: EntraSourceConfig,
  selection: Selection,
  granted: ReadonlySet<string>,
  asksForGroups: boolean,
): readonly ProbeFinding[] {
  const needs = needsOf(config, selection, asksForGroups);
  const list = [...granted].sort().join(', ');
  const missing = needs.filter(({ permission, or }) => ![permission, ...or].some((one) => granted.has(one)));
  const unneeded = [...granted].filter((one) => /Write|FullControl|AccessAsUser/i.test(one));
  return [
    granted.size === 0
      ? bad(
          'The application has no permission at all',
          'Give it User.Read.All as an application permission (not a delegated one), and let an administrator consent.',
        )
      : good(`Permissions granted: ${list}`),
    ...missing.map(({ permission, why }) =>
      bad(
        `The permission ${permission} is missing, ${why}`,
        `Add it (App registrations, API permissions, Microsoft Graph, Application permissions), and let an administrator consent.`,
      ),
    ),
    ...(unneeded.length === 0
      ? []
      : [
          bad(
            `The application may do more than Rollcall needs: ${unneeded.join(', ')}`,
            'Rollcall only reads. Take the permissions away, unless something else uses the application.',
          ),
        ]),
    ...(granted.has(leaveDatePermission) && !config.leaveDates
      ? [good('employeeLeaveDateTime could be read; set leaveDates to true to let it make leavers')]
      : []),
  ];
}
