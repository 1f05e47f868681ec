export { createLdapConnector } from './ldap-connector.ts';
