/** Controls of Active Directory's that are switches: their being there is all. */

/**
 * LDAP_SERVER_DOMAIN_SCOPE_OID ([MS-ADTS] 3.1.1.3.4.1.4): the root of a domain refers to the parts that other servers hold;
 * what is in them is no part of the source.
 */
export const domainScope = { oid: '1.2.840.113556.1.4.1339', isCritical: false } as const;

/** LDAP_SERVER_SHOW_DELETED_OID ([MS-ADTS] 3.1.1.3.4.1.14). */
export const showDeleted = { oid: '1.2.840.113556.1.4.417', isCritical: true } as const;
