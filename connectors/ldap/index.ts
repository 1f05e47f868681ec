export { createLdapConnector, ldapFilterProblem } from './ldap-connector.ts';
