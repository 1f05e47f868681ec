export { createLdapConnector, type LdapLog } from './ldap-connector.ts';
