/** What is usual with each vendor's servers, for whatever the configuration doesn't tell. */
import { leaverSignals } from '../../../config/sections/sources/ldap-leavers.ts';
import type { LeaverSignal } from '../lifecycle/signals.ts';
import type { Vendor } from './vendor.ts';

export interface Preset {
  readonly filter: string;
  readonly anchor: string;
  readonly login: string;
  /** The first that has an address counts. */
  readonly email: readonly string[];
  readonly groups: string;
  readonly employeeNumber: string;
  readonly signals: readonly LeaverSignal[];
  /** Those of the signals that every account has. */
  readonly always: readonly LeaverSignal[];
}

const posix = {
  filter: '(objectClass=inetOrgPerson)',
  login: 'uid',
  email: ['mail'],
  groups: 'memberOf',
  employeeNumber: 'employeeNumber',
  always: [],
} as const;

export const presets: Readonly<Record<Vendor, Preset>> = {
  openldap: {
    ...posix,
    anchor: 'entryUUID',
    signals: ['pwdAccountLockedTime', 'pwdEndTime', 'shadowExpire', 'krbPrincipalExpiration'],
  },
  'active-directory': {
    // Normal accounts of people and services: no computers, trusts, contacts, and none of krbtgt's kind.
    filter: '(&(sAMAccountType=805306368)(!(isCriticalSystemObject=TRUE)))',
    anchor: 'objectGUID',
    login: 'sAMAccountName',
    email: ['mail', 'proxyAddresses'],
    groups: 'memberOf',
    employeeNumber: 'employeeID',
    signals: ['userAccountControl', 'accountExpires'],
    always: ['userAccountControl'],
  },
  '389ds': {
    ...posix,
    // entryUUID only came with version 2, to entries that were made since.
    anchor: 'nsUniqueId',
    signals: ['nsAccountLock', 'shadowExpire'],
  },
  freeipa: {
    ...posix,
    // Every account may read it; nsUniqueId needs a permission of its own.
    anchor: 'ipaUniqueID',
    signals: ['nsAccountLock', 'krbPrincipalExpiration'],
  },
  generic: {
    ...posix,
    anchor: 'entryUUID',
    // What a server doesn't know it doesn't answer; and somebody who is disabled must not look active because the
    // server's vendor could not be found out for once.
    signals: leaverSignals,
  },
};
