/** How many people a guard lets pass, and how it says so. Pure. */

/** The larger of a number and a share. */
export interface Limit {
  readonly count: number;
  readonly percent: number;
}

/**
 * How many people a guard lets pass.
 *
 * @param whole - what the percentage is taken of
 * @param raised - how many a person's word lets pass in this run; undefined where there is none
 */
export function allowedOf(whole: number, { count, percent }: Limit, raised: number | undefined): number {
  // 0.57 % of 10,000 is 56.99999999999999 in floating point, and 57 people.
  return Math.max(count, Math.floor((whole * percent) / 100 + 1e-6), raised ?? 0);
}

/** Such as ` (17.5 % of 40 linked, active people)`; nothing where nobody is linked. */
export const shareInWords = (part: number, whole: number): string =>
  whole === 0 ? '' : ` (${Math.round((part / whole) * 1_000) / 10} % of ${whole} linked, active people)`;

/** Such as `more than the 5 that guards.maxDeactivations allows (the larger of 5 people and 5 %).` */
export function excessInWords(
  name: string,
  allowed: number,
  { count, percent }: Limit,
  raised: number | undefined,
): string {
  const word = raised === undefined ? '' : `, raised to ${raised} for this run`;
  return `more than the ${allowed} that guards.${name} allows (the larger of ${count}${name === 'maxFailures' ? '' : ' people'} and ${percent} %${word}).`;
}

/** Such as `, counting 4 of the last 24 hours`; nothing where there is nobody to count. */
export const earlierInWords = (earlier: number): string =>
  earlier === 0
    ? ''
    : `, counting ${earlier} whom earlier runs concern (the last 24 hours, and deltas since the last whole reading)`;
