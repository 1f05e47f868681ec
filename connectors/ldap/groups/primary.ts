/** Active Directory's primary group: a number that no member list and no `memberOf` shows. */
import { valueRenderer } from '../people/values.ts';
import type { ValuesOf } from './ranges.ts';

export const primaryAttributes = ['primaryGroupID', 'objectSid'] as const;

const sidText = valueRenderer('objectSid');

/** An entry's security identifier, such as `S-1-5-21-1-2-3-1104`. */
export function sidOf(told: ValuesOf): string | undefined {
  const [sid] = told('objectSid').values;
  return sid === undefined ? undefined : sidText(sid);
}

/** The identifier of somebody's primary group: that of their own domain, with the group's number at its end. */
export function primarySidOf(told: ValuesOf): string | undefined {
  const sid = sidOf(told);
  const [rid] = told('primaryGroupID').values;
  if (sid === undefined || rid === undefined) return undefined;
  return `${sid.slice(0, sid.lastIndexOf('-'))}-${rid.toString('utf8')}`;
}
