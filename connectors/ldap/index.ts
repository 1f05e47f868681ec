export { createLdapConnector, ldapFilterProblem } from './ldap-connector.ts';
export { usualAttributes } from './vendor/settings.ts';
