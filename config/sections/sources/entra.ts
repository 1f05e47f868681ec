import { z } from 'zod';
import { duration } from '../../scalars.ts';
import { identityAttributes, source } from './any-source.ts';

const guid = z
  .string()
  .regex(
    /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
    'write an id such as 00000000-0000-0000-0000-000000000000',
  )
  .meta({ title: 'GUID', examples: ['66666666-7777-8888-9999-000000000000'] })
  .transform((text) => text.toLowerCase());

const ways = {
  secret: z
    .string()
    .min(1)
    .optional()
    .describe('A client secret of the application')
    .meta({ examples: ['${env:ENTRA_CLIENT_SECRET}'] }),
  certificate: z
    .strictObject({
      file: z
        .string()
        .min(1)
        .describe('PEM file with the certificate and its private key')
        .meta({ examples: ['rollcall.pem'] }),
      passphrase: z
        .string()
        .optional()
        .describe('Of the private key, where it is encrypted')
        .meta({ examples: ['${env:ENTRA_KEY_PASSPHRASE}'] }),
    })
    .optional()
    .describe('A certificate of the application'),
  managedIdentity: z
    .literal(true)
    .optional()
    .describe('The identity of the Azure machine that Rollcall runs on; clientId for a user-assigned one'),
  workloadIdentity: z
    .strictObject({
      tokenFile: z
        .string()
        .min(1)
        .optional()
        .describe('Else the file that AZURE_FEDERATED_TOKEN_FILE names')
        .meta({ examples: ['/var/run/secrets/azure/tokens/azure-identity-token'] }),
    })
    .optional()
    .describe("A token that the application's federated credential trusts, such as a Kubernetes account's"),
};

/** How the application proves who it is: one of several ways. */
export type EntraAuth =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly file: string; readonly passphrase: string | undefined }
  | { readonly kind: 'managed-identity' }
  | { readonly kind: 'workload-identity'; readonly tokenFile: string | undefined };

const auth = z
  .strictObject(ways)
  .describe('How the application proves who it is')
  .transform((given, context): EntraAuth => {
    const { secret, certificate, managedIdentity, workloadIdentity } = given;
    const all: readonly EntraAuth[] = [
      ...(secret === undefined ? [] : [{ kind: 'secret' as const, secret }]),
      ...(certificate === undefined
        ? []
        : [{ kind: 'certificate' as const, file: certificate.file, passphrase: certificate.passphrase }]),
      ...(managedIdentity === undefined ? [] : [{ kind: 'managed-identity' as const }]),
      ...(workloadIdentity === undefined
        ? []
        : [{ kind: 'workload-identity' as const, tokenFile: workloadIdentity.tokenFile }]),
    ];
    const [only] = all;
    if (only !== undefined && all.length === 1) return only;
    context.addIssue(`give exactly one of ${Object.keys(ways).join(', ')}`);
    return z.NEVER;
  });

const cloud = z
  .union([
    z.enum(['public', 'gccHigh', 'dod', 'china']),
    z.strictObject({
      login: z
        .url({ protocol: /^https$/ })
        .describe('Where applications sign in')
        .meta({ examples: ['https://login.example.com'] }),
      graph: z
        .url({ protocol: /^https$/ })
        .describe('Where Microsoft Graph is, without a version')
        .meta({ examples: ['https://graph.example.com'] }),
    }),
  ])
  .default('public')
  .describe('Which of the national clouds the tenant is in (GCC is in the public one), or its addresses');

const scope = z
  .strictObject({
    groups: z
      .array(guid)
      .default([])
      .describe('Ids of groups: whoever is in one of them, or in a group inside of it'),
    assignedTo: guid
      .optional()
      .describe('Client id of an application: whoever is assigned to it, alone or by a group'),
    nestedAssignments: z
      .boolean()
      .default(false)
      .describe("Count groups inside of an assigned group as well, which Entra's own provisioning does not"),
    administrativeUnits: z.array(guid).default([]).describe('Ids of administrative units'),
    guests: z.boolean().default(false).describe('Whether guests are people of this source'),
  })
  .prefault({})
  .describe('Who is looked at, where not everybody: whoever is in any of these');

const emailProperties = z.enum(['mail', 'userPrincipalName', 'otherMails', 'proxyAddresses']);

export const entraSource = z.strictObject({
  ...source,
  type: z.literal('entra').describe('A tenant of Microsoft Entra ID'),
  tenantId: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'write the id of the tenant, or one of its domains')
    .describe('Id of the tenant (directory id), or one of its domains')
    .meta({ examples: ['11111111-2222-3333-4444-555555555555'] }),
  clientId: guid.optional().describe('Id of the application (client id)'),
  auth,
  cloud,
  scope,
  attributes: z
    .strictObject({
      login: z.string().min(1).default('userPrincipalName').describe('Property of the login name'),
      email: z
        .union([emailProperties, z.array(emailProperties).min(1)])
        .default('mail')
        .transform((given) => (typeof given === 'string' ? [given] : given))
        .describe('Property of the e-mail address, or several: the first that somebody has counts'),
      employeeNumber: identityAttributes.employeeNumber.default('employeeId'),
      startDate: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Property of the first day, such as employeeHireDate: whoever has no profile yet gets none before it (lifecycle.joinEarly)',
        )
        .meta({ examples: ['employeeHireDate'] }),
    })
    .prefault({})
    .describe('Where the normal form of a person is among the properties of a user'),
  leaveDates: z
    .boolean()
    .default(false)
    .describe(
      'Whether employeeLeaveDateTime makes leavers. It needs the permission User-LifeCycleInfo.Read.All',
    ),
  notifications: z
    .strictObject({
      url: z
        .url({ protocol: /^https$/ })
        .describe("Public address that leads to /hooks/<id of the source> of Rollcall's server")
        .meta({ examples: ['https://rollcall.example.com/hooks/cloud'] }),
    })
    .optional()
    .describe(
      'Let Graph tell at once that something has changed; without it, changes are asked for by schedule.delta',
    ),
  timeout: duration.prefault('60s').describe('For one request, and for signing in'),
});
