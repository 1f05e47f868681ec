/** A slapd with the account of docs/connectors/openldap.md, made as the page says. */
import { ldapChanges } from '../../servers/ldap-changes.ts';
import { type Slapd, type SlapdOptions, startSlapd } from '../../servers/slapd.ts';
import { ldifOf } from './guides.ts';

const guide = 'docs/connectors/openldap.md';

export const rollcallDn = 'cn=rollcall,ou=services,dc=example,dc=com';

/** Debian's usual rules, which let everybody read: what the account may not is the guide's doing. */
const openToAll = `
access to attrs=userPassword by self write by anonymous auth by * none
access to * by * read
`;

const config = { dn: 'cn=config', password: 'config-secret' };

export async function startGuidedSlapd(options: SlapdOptions = {}): Promise<Slapd> {
  const extraConf = `database config\nrootpw ${config.password}`;
  const slapd = await startSlapd({ ...options, acl: openToAll, extraConf });
  try {
    await ldapChanges({ url: slapd.url, dn: slapd.adminDn, password: slapd.adminPassword }).apply(
      await ldifOf(guide, 'directory'),
    );
    await ldapChanges({ url: slapd.url, ...config }).apply(await ldifOf(guide, 'config'));
    return slapd;
  } catch (error) {
    await slapd.stop();
    throw error;
  }
}
