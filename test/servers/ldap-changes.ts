/** Changes to a test directory, made by OpenLDAP's own command. */
import { execFile } from 'node:child_process';
import { type LdifAttributes, type LdifValue, ldifLine, ldifRecord } from './directory-people.ts';
import { requireProgram } from './programs.ts';

export type LdapChanges = {
  add(dn: string, attributes: LdifAttributes): Promise<void>;
  /** Replaces the values of one attribute; none removes it. */
  modify(dn: string, attribute: string, values: readonly LdifValue[]): Promise<void>;
  remove(dn: string): Promise<void>;
  /** Gives the entry another RDN, and another place where `newSuperior` is told. */
  rename(dn: string, newRdn: string, newSuperior?: string): Promise<void>;
  /** Applies records of any kind, in order, until one fails. */
  apply(ldif: string): Promise<void>;
};

export type LdapAccess = {
  readonly url: string;
  readonly dn: string;
  readonly password: string;
  /** PEM file, for ldaps://. */
  readonly caFile?: string;
};

export function ldapChanges(access: LdapAccess): LdapChanges {
  const apply = (ldif: string): Promise<void> => applyLdif(access, ldif);
  return {
    apply,
    add: (dn, attributes) => apply(ldifRecord(dn, attributes, 'add')),
    modify: (dn, attribute, values) =>
      apply(
        ldifRecord(dn, {}, 'modify').trimEnd().concat('\n', `replace: ${attribute}\n`) +
          values.map((value) => ldifLine(attribute, value)).join('') +
          '-\n\n',
      ),
    remove: (dn) => apply(ldifRecord(dn, {}, 'delete')),
    rename: (dn, newRdn, newSuperior) =>
      apply(
        `${ldifRecord(dn, {}, 'modrdn').trimEnd()}\n${ldifLine('newrdn', newRdn)}deleteoldrdn: 1\n` +
          (newSuperior === undefined ? '' : ldifLine('newsuperior', newSuperior)) +
          '\n',
      ),
  };
}

function applyLdif({ url, dn, password, caFile }: LdapAccess, ldif: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...(caFile === undefined ? {} : { LDAPTLS_CACERT: caFile }) };
    const args = ['-x', '-H', url, '-D', dn, '-w', password];
    const child = execFile(requireProgram('ldapadd'), args, { env }, (error, _out, errors) => {
      if (error === null) resolve();
      else reject(new Error(`ldapadd failed: ${errors || error.message}`));
    });
    child.stdin?.end(ldif);
  });
}
