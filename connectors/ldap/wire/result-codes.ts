/** LDAP result codes (RFC 4511 appendix A) in words. */
import type { LdapResult } from './messages.ts';

export const resultCode = {
  success: 0,
  operationsError: 1,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  undefinedAttributeType: 17,
  inappropriateMatching: 18,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
} as const;

const names: ReadonlyMap<number, string> = new Map([
  ...Object.entries(resultCode).map(([name, code]) => [code, name] as const),
  [2, 'protocolError'],
  [33, 'aliasProblem'],
  [36, 'aliasDereferencingProblem'],
  [54, 'loopDetect'],
  [80, 'other'],
]);

/** Such as `sizeLimitExceeded (4)`, with what the server said about it. */
export function describeResult(result: LdapResult): string {
  const name = names.get(result.code) ?? 'result';
  const said = oneLine(result.diagnostic);
  const referrals = result.referrals.length > 0 ? ` to ${shortList(result.referrals)}` : '';
  return `${name} (${result.code})${referrals}${said ? `, "${said}"` : ''}`;
}

/** The first few of many, for a sentence. */
export function shortList(items: readonly string[], most = 3): string {
  const shown = items.slice(0, most).map(oneLine).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

/** A server's text fit for a message: no control characters, of bounded length. */
function oneLine(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, ' ').trim();
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}
