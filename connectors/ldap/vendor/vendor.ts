/** Whose server it is, by what it says of itself. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import type { RootDse } from './root-dse.ts';

export type Vendor = Exclude<LdapSourceConfig['vendor'], 'auto'>;

/** LDAP_CAP_ACTIVE_DIRECTORY_OID ([MS-ADTS] 3.1.1.3.4.3), which Samba has as well, and AD LDS has not. */
const activeDirectory = '1.2.840.113556.1.4.800';

/** `generic` for whatever is none of those that are known here, or doesn't say. */
export function vendorOf(rootDse: RootDse | undefined): Vendor {
  if (rootDse === undefined) return 'generic';
  if (rootDse.values('supportedCapabilities').includes(activeDirectory)) return 'active-directory';
  if (rootDse.values('vendorName').some((name) => name.startsWith('389 Project'))) {
    // FreeIPA is a 389 DS with a plug-in that tells of itself.
    return rootDse.values('ipaTopologyPluginVersion').length > 0 ? 'freeipa' : '389ds';
  }
  // It leaves vendorName to the administrator.
  return rootDse.values('objectClass').includes('OpenLDAProotDSE') ? 'openldap' : 'generic';
}

/** What the server calls itself, for people: `389 Project 389-Directory/2.3.1`; empty where it doesn't say. */
export function describeServer(rootDse: RootDse): string {
  return [...rootDse.values('vendorName'), ...rootDse.values('vendorVersion')].join(' ');
}
