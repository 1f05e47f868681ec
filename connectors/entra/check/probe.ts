/** Tries a tenant out for `check`: one finding for each thing that must be right, with the mend where it is not. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { Identity } from '../../../src/identity/identity.ts';
import type { ProbeFinding, ReadRequest } from '../../connector.ts';
import { EntraError } from '../entra-error.ts';
import { createManagers } from '../people/managers.ts';
import type { ReadingMeans } from '../people/means.ts';
import { peopleOf, userOf } from '../people/people.ts';
import { refuseWithoutLeaveDates, type Selection, selectionOf } from '../people/selection.ts';
import type { Membership } from '../scope/membership.ts';
import { readCertificate } from '../sign-in/certificate.ts';
import type { Claims } from '../sign-in/claims.ts';
import { bad, good } from './finding.ts';
import { permissionFindings } from './permissions.ts';

/** Goes from one finding to the next until one makes the rest pointless. Throws only if aborted. */
export async function probeTenant(
  means: ReadingMeans,
  request: ReadRequest,
): Promise<readonly ProbeFinding[]> {
  const { config, graph } = means;
  const { signal } = request;
  const findings: ProbeFinding[] = [];
  try {
    const selection = selectionOf(config, request.attributes);
    const claims = await means.claims(signal);
    findings.push(describeSignIn(config, graph.host, claims), ...(await certificateFindings(config)));
    if (claims !== undefined)
      findings.push(...permissionFindings(config, selection, claims.permissions, request.groups === true));
    refuseWithoutLeaveDates(config, selection, claims?.permissions);
    const membership = (await means.scope?.read(signal))?.membership;
    findings.push(...(await describePeople(means, selection, membership, signal)));
    if (selection.unknown.length > 0)
      findings.push(
        good(
          `Entra ID has no ${selection.unknown.join(', ')}: nobody will have them. That is right where only other sources do`,
        ),
      );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof EntraError)) throw error;
    findings.push(bad(error.problem, error.mend));
  }
  return findings;
}

function describeSignIn(config: EntraSourceConfig, host: string, claims: Claims | undefined): ProbeFinding {
  const tenant = claims?.tenantId ?? config.tenantId;
  const id = claims?.clientId ?? config.clientId ?? 'the identity of this machine';
  const name = claims?.application === undefined ? id : `${claims.application} (${id})`;
  return good(`Signed in to the tenant ${tenant} as ${name}, for ${host}`);
}

const monthMs = 30 * 86_400_000;

/** A secret's end nobody can ask for; a certificate tells its own. */
async function certificateFindings({ auth }: EntraSourceConfig): Promise<readonly ProbeFinding[]> {
  if (auth.kind !== 'certificate') return [];
  const { validTo } = await readCertificate(auth.file);
  const text = `The certificate to sign in with ends on ${validTo.toISOString()}`;
  return validTo.getTime() - Date.now() > monthMs
    ? [good(text)]
    : [bad(text, 'Make a new one and upload it to the application before that day.')];
}

const samples = 3;

async function describePeople(
  means: ReadingMeans,
  selection: Selection,
  membership: Membership | undefined,
  signal: AbortSignal,
): Promise<readonly ProbeFinding[]> {
  const { config, graph, reader } = means;
  const asked = { permission: 'User.Read.All', signal };
  const select = `$select=${selection.properties.join(',')}`;
  const expand = selection.hasManager ? '&$expand=manager($select=id)' : '';
  const list =
    membership === undefined
      ? await graph.ask({ ...asked, what: 'Reading users', address: `/users?${select}${expand}&$top=50` })
      : {
          value: [
            ...(await reader.readByIds([...membership.keys()].slice(0, 60), selection, signal)).values(),
          ],
        };
  const users = (Array.isArray(list.value) ? list.value : []).flatMap((item) => userOf(Object(item)) ?? []);
  const managers = createManagers(reader, selection.managerProperties, signal);
  const people = await peopleOf(config, selection, managers, membership, undefined).identify(users);
  const count = membership === undefined ? await countUsers(means, signal) : membership.size;
  const where =
    membership === undefined ? 'in the tenant, guests and disabled ones among them' : 'in the scope';
  if (people.length === 0)
    return [
      bad(
        `Of ${count} users ${where}, none of the ${users.length} looked at are people of this source`,
        'Check the scope of the source; guests are left out unless scope.guests is true.',
      ),
    ];
  return [
    good(`${count} users ${where}`),
    ...people.slice(0, samples).map((one) => good(`For example: ${describe(one)}`)),
    ...withoutEmail(config, people),
  ];
}

async function countUsers({ graph }: ReadingMeans, signal: AbortSignal): Promise<number> {
  const text = await graph.askText({
    what: 'Counting the users',
    permission: 'User.Read.All',
    address: '/users/$count',
    headers: { ConsistencyLevel: 'eventual' },
    signal,
  });
  return Number(text.replace('\uFEFF', ''));
}

function describe({ label, email, active, leaveAt, anchor }: Identity): string {
  const notes = [
    email === undefined ? 'no e-mail address' : email,
    active ? 'active' : 'disabled',
    ...(leaveAt === undefined ? [] : [`leaves on ${leaveAt.toISOString()}`]),
    anchor,
  ];
  return `${label} (${notes.join(', ')})`;
}

function withoutEmail(
  { attributes }: EntraSourceConfig,
  people: readonly Identity[],
): readonly ProbeFinding[] {
  const lacking = people.filter(({ email }) => email === undefined).length;
  if (lacking === 0) return [];
  return [
    bad(
      `Of ${people.length} people looked at, ${lacking} have no e-mail address (${attributes.email.join(', ')})`,
      'They are skipped. Fill mail in, or name further properties in attributes.email, such as [mail, userPrincipalName].',
    ),
  ];
}
