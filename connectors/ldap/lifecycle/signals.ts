/** What each of a directory's own marks of a leaver means. One mark a function, by the name of its attribute. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import { parseFileTime } from './filetime.ts';
import { parseGeneralizedTime } from './generalized-time.ts';
import { readDays } from './leave-date.ts';

export type LeaverSignal = NonNullable<LdapSourceConfig['leavers']['signals']>[number];

/** What one value says. */
export type Sign =
  /** Nothing about leaving. */
  | { readonly kind: 'stays' }
  | { readonly kind: 'inactive'; readonly meaning: string }
  | { readonly kind: 'leaves'; readonly at: Date }
  /** Not an account of a person. */
  | { readonly kind: 'nobody'; readonly meaning: string }
  | { readonly kind: 'unreadable'; readonly expected: string };

const stays: Sign = { kind: 'stays' };

export const readSignal: Readonly<Record<LeaverSignal, (text: string) => Sign>> = {
  userAccountControl,
  'msDS-User-Account-Control-Computed': computedAccountControl,
  'msDS-UserAccountDisabled': disabledIfTrue,
  accountExpires,
  nsAccountLock: disabledIfTrue,
  loginDisabled: disabledIfTrue,
  loginExpirationTime: leavesAtTime,
  pwdAccountLockedTime,
  pwdEndTime: leavesAtTime,
  shadowExpire,
  krbPrincipalExpiration: leavesAtTime,
};

const flag = {
  disabled: 0x2,
  duplicate: 0x100,
  normal: 0x200,
  domainTrust: 0x800,
  workstation: 0x1000,
  domainController: 0x2000,
} as const;

/**
 * Bits of Active Directory's `userAccountControl` ([MS-ADTS] 2.2.16). LOCKOUT (0x10, after wrong passwords) and
 * PASSWORD_EXPIRED (0x800000) are no leavers. Computers are users too, to a filter that asks for no more.
 */
function userAccountControl(text: string): Sign {
  const bits = parseBits(text);
  if (bits === undefined) return unreadable('a number of flags, such as 512');
  if ((bits & flag.disabled) !== 0) return { kind: 'inactive', meaning: 'ACCOUNTDISABLE' };
  if ((bits & (flag.workstation | flag.domainController)) !== 0)
    return { kind: 'nobody', meaning: "a computer's account" };
  if ((bits & flag.domainTrust) !== 0)
    return { kind: 'nobody', meaning: "another domain's account (a trust)" };
  if ((bits & (flag.normal | flag.duplicate)) === 0)
    return unreadable('flags that say what kind of account it is, such as 512');
  return stays;
}

/**
 * The same bits, computed by the server ([MS-ADTS] 3.1.1.4.5.17). AD LDS tells here whether an account is disabled;
 * Active Directory itself tells only of locked accounts and expired passwords, whose owners have not left.
 */
function computedAccountControl(text: string): Sign {
  const bits = parseBits(text);
  if (bits === undefined) return unreadable('a number of flags, such as 0');
  return (bits & flag.disabled) === 0 ? stays : { kind: 'inactive', meaning: 'ACCOUNTDISABLE' };
}

/** Some tools write the 32 bits as a signed number. */
function parseBits(text: string): number | undefined {
  const bits = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return bits >= -0x8000_0000 && bits <= 0xffff_ffff ? bits >>> 0 : undefined;
}

/** From when on Active Directory refuses the account ([MS-ADA1] 2.2), to be read as FILETIME. */
function accountExpires(text: string): Sign {
  const read = parseFileTime(text);
  switch (read.kind) {
    case 'never':
      return stays;
    case 'at':
      return { kind: 'leaves', at: read.at };
    case 'unreadable':
      return unreadable('a FILETIME, such as 134194464000000000, or 0 or 9223372036854775807 for never');
    default:
      return read satisfies never;
  }
}

/** A switch: `nsAccountLock` of 389 DS and FreeIPA (by role too, computed), `loginDisabled` of eDirectory. */
function disabledIfTrue(text: string): Sign {
  switch (text.toLowerCase()) {
    case 'true':
      return { kind: 'inactive', meaning: 'TRUE' };
    case 'false':
      return stays;
    default:
      return unreadable('TRUE or FALSE');
  }
}

/**
 * Since when OpenLDAP's password policy locks an account (draft-behera-ldap-password-policy-10 section 5.3.3). The year 0
 * is an administrator's lock for good; any other time is that of too many wrong passwords, which passes.
 */
function pwdAccountLockedTime(text: string): Sign {
  const time = parseGeneralizedTime(text);
  if (time === undefined) return unreadable('a generalized time (RFC 4517)');
  return time.getUTCFullYear() === 0 ? { kind: 'inactive', meaning: 'locked for good' } : stays;
}

/**
 * The end of an account as a generalized time: `pwdEndTime` (draft-behera-ldap-password-policy-10 section 5.3.10),
 * `krbPrincipalExpiration` of MIT Kerberos and FreeIPA, `loginExpirationTime` of eDirectory.
 */
function leavesAtTime(text: string): Sign {
  const at = parseGeneralizedTime(text);
  return at === undefined
    ? unreadable('a generalized time, such as 20260331160000Z (RFC 4517)')
    : { kind: 'leaves', at };
}

/** The end of a POSIX account (RFC 2307 section 3, shadow(5)). */
function shadowExpire(text: string): Sign {
  const read = readDays(text);
  switch (read.kind) {
    case 'at':
      return { kind: 'leaves', at: read.at };
    case 'never':
      return stays;
    case 'unreadable':
      return read;
    default:
      return read satisfies never;
  }
}

const unreadable = (expected: string): Sign => ({ kind: 'unreadable', expected });
