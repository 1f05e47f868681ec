/** Turns what a directory or the network answered into the error that tells an operator what to do. */
import type { SourceErrorKind } from '../../source-error.ts';
import { ConnectionError } from '../wire/connection.ts';
import type { LdapResult } from '../wire/messages.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import { DirectoryError } from './directory-error.ts';

interface Mend {
  readonly kind: SourceErrorKind;
  readonly mend: string;
}

/** Active Directory's reasons behind invalidCredentials: `data 52e` and the like (Win32 error codes, hexadecimal). */
const activeDirectoryReasons: Readonly<Record<string, string>> = {
  '525': 'the account does not exist',
  '52e': 'the password is wrong',
  '530': 'the account may not sign in at this hour',
  '531': 'the account may not sign in from this machine',
  '532': "the account's password has expired",
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': "the account's password must be changed first",
  '775': 'the account is locked',
};

/** Why signing in failed. `who` is such as `anonymously` or `as cn=reader`. */
export function bindError(result: LdapResult, who: string, url: string): DirectoryError {
  const { kind, mend } = bindMend(result);
  return new DirectoryError(kind, `Signing in to ${url} ${who} failed: ${describeResult(result)}`, mend);
}

function bindMend(result: LdapResult): Mend {
  switch (result.code) {
    case resultCode.invalidCredentials: {
      const [, sub = ''] = /\bdata ([0-9a-f]{3,4})\b/i.exec(result.diagnostic) ?? [];
      const reason = activeDirectoryReasons[sub.toLowerCase()];
      return {
        kind: 'credentials',
        mend:
          reason === undefined
            ? 'Check bindDn and password; a locked or disabled account answers the same.'
            : `That means: ${reason}. Mend the account, or bindDn and password.`,
      };
    }
    case resultCode.invalidDnSyntax:
      return {
        kind: 'credentials',
        mend: 'bindDn is not a name that the server understands: check its spelling.',
      };
    case resultCode.strongerAuthRequired:
    case resultCode.confidentialityRequired:
      return {
        kind: 'credentials',
        mend: 'The server wants an encrypted connection: use ldaps:// or tls.startTls.',
      };
    case resultCode.inappropriateAuthentication:
    case resultCode.authMethodNotSupported:
    case resultCode.unwillingToPerform:
      return {
        kind: 'credentials',
        mend: 'The server does not take this kind of sign-in: give a bindDn and password of an account that may sign in.',
      };
    case resultCode.busy:
    case resultCode.unavailable:
      return {
        kind: 'unreachable',
        mend: 'The server is overloaded or stopping; it is tried again at the next run.',
      };
    default:
      return { kind: 'credentials', mend: 'Check bindDn and password, and what the server logged.' };
  }
}

/** Why a search gave nothing. */
export function searchError(result: LdapResult, base: string, filter: string, url: string): DirectoryError {
  const { kind, mend } = searchMend(result);
  const problem = `Reading ${base} on ${url} with the filter ${filter} failed: ${describeResult(result)}`;
  return new DirectoryError(kind, problem, mend);
}

function searchMend(result: LdapResult): Mend {
  switch (result.code) {
    case resultCode.noSuchObject:
      return {
        kind: 'base',
        mend: `The base does not exist${result.matchedDn ? ` (the tree exists up to ${result.matchedDn})` : ''}, or the account may not see it. Check baseDn and the account's rights.`,
      };
    case resultCode.invalidDnSyntax:
      return { kind: 'base', mend: 'baseDn is not a valid name: check its spelling.' };
    case resultCode.referral:
      return { kind: 'base', mend: 'Another server holds this base: point url at that one.' };
    case resultCode.insufficientAccessRights:
      return { kind: 'permission', mend: 'Give the account the right to read the people under baseDn.' };
    case resultCode.sizeLimitExceeded:
    case resultCode.timeLimitExceeded:
    case resultCode.adminLimitExceeded:
      return {
        kind: 'permission',
        mend: "The server's limit for this account ended the search: raise it, or allow paged results without a limit.",
      };
    case resultCode.inappropriateMatching:
    case resultCode.undefinedAttributeType:
    case resultCode.invalidAttributeSyntax:
      return {
        kind: 'filter',
        mend: 'The server does not accept the filter: check its attributes and values.',
      };
    case resultCode.unavailableCriticalExtension:
      return { kind: 'protocol', mend: 'The server refuses paged results: allow them for the account.' };
    case resultCode.unwillingToPerform:
      return {
        kind: 'permission',
        mend: 'The server refuses this search for this account: it may forbid paged results, or searching at all.',
      };
    case resultCode.busy:
    case resultCode.unavailable:
      return {
        kind: 'unreachable',
        mend: 'The server is overloaded or stopping; it is tried again at the next run.',
      };
    case resultCode.operationsError:
      return {
        kind: 'permission',
        mend: 'Servers that want a sign-in first answer so: give a bindDn and password, or see what the server logged.',
      };
    default:
      return { kind: 'protocol', mend: 'See what the server logged at this time.' };
  }
}

const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

/**
 * Why there is no connection. Anything but a {@link ConnectionError} (an abort, a fault of ours) is handed back as it is.
 *
 * @param serverName the name that the certificate should have been for.
 */
export function connectionError(error: unknown, url: string, serverName: string): unknown {
  if (!(error instanceof ConnectionError)) return error;
  const { kind, mend } = connectionMend(error, serverName);
  return new DirectoryError(kind, `No connection to ${url}: ${error.message}`, mend, { cause: error });
}

function connectionMend(error: ConnectionError, serverName: string): Mend {
  const code = systemCode(error.cause);
  // With TLS 1.3 the server looks at the client's certificate after the handshake is done for the client.
  if (code !== undefined && isAlertAboutCertificate(code)) {
    return {
      kind: 'certificate',
      mend: 'The server does not accept the client certificate, or misses one: check tls.cert and tls.key, that the server trusts their CA, and that the certificate has not expired.',
    };
  }
  if (error.failure === 'tls' && code !== undefined) {
    if (untrusted.has(code)) {
      return {
        kind: 'certificate',
        mend: "The server's certificate is not from a CA that is trusted here: put the CA's certificate (PEM) into a file and name it in tls.ca.",
      };
    }
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
      return {
        kind: 'certificate',
        mend: `The server's certificate is not for ${serverName}: write the url with the name that the certificate is for, or set tls.serverName to it.`,
      };
    }
    if (code === 'CERT_HAS_EXPIRED') {
      return { kind: 'certificate', mend: "The server's certificate has expired: renew it on the server." };
    }
    if (code === 'CERT_NOT_YET_VALID') {
      return {
        kind: 'certificate',
        mend: "The server's certificate is not valid yet: check the clocks of both machines.",
      };
    }
    if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
      return {
        kind: 'protocol',
        mend: 'No TLS could be agreed on (1.2 or newer is needed): if this is the plain port, use ldap:// with tls.startTls.',
      };
    }
    if (/^(CERT_|CRL_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/.test(code)) {
      return {
        kind: 'certificate',
        mend: `The server's certificate can't be used (${code}): see its details.`,
      };
    }
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { kind: 'unreachable', mend: "The host's name is unknown here: check the url, and DNS." };
    case 'ECONNREFUSED':
      return {
        kind: 'unreachable',
        mend: 'Nothing listens there: check the port, and that the server runs.',
      };
  }
  switch (error.failure) {
    case 'timeout':
      return {
        kind: 'unreachable',
        mend: 'A firewall or an overloaded server does so; check the way there, or raise timeout.',
      };
    case 'protocol':
      return { kind: 'protocol', mend: 'Check that an LDAP server listens on this port.' };
    case 'tls':
      return {
        kind: 'unreachable',
        mend: 'Check what the server logged; if this is the plain port, use ldap:// with tls.startTls.',
      };
    case 'network':
    case 'closed':
      return {
        kind: 'unreachable',
        mend: 'Check that the url and port are right (a TLS port needs ldaps://), and what the server logged.',
      };
    default:
      return error.failure satisfies never;
  }
}

/** Such as `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED` or `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`: the other side's word. */
function isAlertAboutCertificate(code: string): boolean {
  return /^ERR_SSL_.*ALERT_.*(CERTIFICATE|UNKNOWN_CA)/.test(code);
}

function systemCode(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
