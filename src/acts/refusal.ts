/** Nothing was done. `why` tells machines of it, the sentence people. */
export interface Refusal {
  readonly kind: 'refused';
  /**
   * - `unknown`: there is nothing of that name; `ambiguous`: there are several
   * - `unspecified`: it was not said what is meant
   * - `not-now`: as things are, it can't be done
   */
  readonly why: 'unknown' | 'ambiguous' | 'unspecified' | 'not-now';
  readonly sentence: string;
  /** What helps at the command line. */
  readonly hint?: string;
}

export const refuse = (why: Refusal['why'], sentence: string, hint?: string): Refusal => ({
  kind: 'refused',
  why,
  sentence,
  ...(hint === undefined ? {} : { hint }),
});
