/** Which properties of Graph's user stand behind the attribute names that rules use. */
import type { EmployeeOrgData, OnPremisesExtensionAttributes, User } from '@microsoft/microsoft-graph-types';
import type { WantedAttributes } from '../../connector.ts';

/** What lists and deltas have of a user as text, numbers, truth values, or lists of texts. */
const plain = [
  'accountEnabled',
  'ageGroup',
  'businessPhones',
  'city',
  'companyName',
  'consentProvidedForMinor',
  'country',
  'createdDateTime',
  'creationType',
  'department',
  'displayName',
  'employeeHireDate',
  'employeeId',
  'employeeLeaveDateTime',
  'employeeType',
  'externalUserState',
  'externalUserStateChangeDateTime',
  'faxNumber',
  'givenName',
  'id',
  'imAddresses',
  'isResourceAccount',
  'jobTitle',
  'lastPasswordChangeDateTime',
  'legalAgeGroupClassification',
  'mail',
  'mailNickname',
  'mobilePhone',
  'officeLocation',
  'onPremisesDistinguishedName',
  'onPremisesDomainName',
  'onPremisesImmutableId',
  'onPremisesLastSyncDateTime',
  'onPremisesSamAccountName',
  'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled',
  'onPremisesUserPrincipalName',
  'otherMails',
  'passwordPolicies',
  'postalCode',
  'preferredDataLocation',
  'preferredLanguage',
  'proxyAddresses',
  'securityIdentifier',
  'showInAddressList',
  'signInSessionsValidFromDateTime',
  'state',
  'streetAddress',
  'surname',
  'usageLocation',
  'userPrincipalName',
  'userType',
] as const satisfies readonly (keyof User)[];

const extensionAttributes = [
  ...(['extensionAttribute1', 'extensionAttribute2', 'extensionAttribute3', 'extensionAttribute4'] as const),
  ...(['extensionAttribute5', 'extensionAttribute6', 'extensionAttribute7', 'extensionAttribute8'] as const),
  ...([
    'extensionAttribute9',
    'extensionAttribute10',
    'extensionAttribute11',
    'extensionAttribute12',
  ] as const),
  ...(['extensionAttribute13', 'extensionAttribute14', 'extensionAttribute15'] as const),
] satisfies readonly (keyof OnPremisesExtensionAttributes)[];

const organisationNames = ['costCenter', 'division'] as const satisfies readonly (keyof EmployeeOrgData)[];

/** Graph shows them inside of another property, which can be selected as a whole only. */
const nested: ReadonlyMap<string, keyof User> = new Map<string, keyof User>([
  ...extensionAttributes.map((name) => [name, 'onPremisesExtensionAttributes'] as const),
  ...organisationNames.map((name) => [name, 'employeeOrgData'] as const),
]);

/** The names that LDAP directories use, so that one mapping serves both kinds of source. */
const ldapNames: Readonly<Record<string, (typeof plain)[number]>> = {
  c: 'country',
  cn: 'displayName',
  company: 'companyName',
  employeeNumber: 'employeeId',
  l: 'city',
  mobile: 'mobilePhone',
  physicalDeliveryOfficeName: 'officeLocation',
  sn: 'surname',
  st: 'state',
  street: 'streetAddress',
  telephoneNumber: 'businessPhones',
  title: 'jobTitle',
  uid: 'userPrincipalName',
};

/** What is told of somebody's manager: the id by the reading itself, the rest by looking the manager up. */
const managerNames = {
  manager: 'id',
  managerDisplayName: 'displayName',
  managerMail: 'mail',
  managerUserPrincipalName: 'userPrincipalName',
} as const satisfies Readonly<Record<string, (typeof plain)[number]>>;

export type ManagerProperty = (typeof managerNames)[keyof typeof managerNames];

/** Where the values of an attribute are to be found. */
export type Origin =
  | { readonly kind: 'property'; readonly property: string }
  | { readonly kind: 'nested'; readonly property: string; readonly inner: string }
  | { readonly kind: 'manager'; readonly property: ManagerProperty };

/** Directory extensions carry the id of the application that owns them. */
const directoryExtension = /^extension_[0-9a-f]{32}_\w+$/i;

const origins: ReadonlyMap<string, Origin> = new Map<string, Origin>([
  ...Object.entries(ldapNames).map(
    ([name, property]) => [name.toLowerCase(), { kind: 'property', property }] as const,
  ),
  ...Object.entries(managerNames).map(
    ([name, property]) => [name.toLowerCase(), { kind: 'manager', property }] as const,
  ),
  ...[...nested].map(
    ([inner, property]) => [inner.toLowerCase(), { kind: 'nested', property, inner }] as const,
  ),
  ...plain.map((property) => [property.toLowerCase(), { kind: 'property', property }] as const),
]);

/** Where an attribute's values are; undefined where Entra has no such attribute. */
export function originOf(name: string): Origin | undefined {
  if (directoryExtension.test(name)) return { kind: 'property', property: name };
  return origins.get(name.toLowerCase());
}

/** The names to read; of `all`, those that everybody may read. */
export function wantedNames(wanted: WantedAttributes): readonly string[] {
  if (wanted !== 'all') return wanted;
  const withPermission = 'employeeLeaveDateTime';
  return [...plain.filter((name) => name !== withPermission), ...nested.keys(), 'manager'];
}
