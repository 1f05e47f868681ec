import { SourceError, type SourceErrorKind } from '../source-error.ts';

/** A source error whose mend can be shown apart from the problem, as `check` does. */
export class EntraError extends SourceError {
  /** What failed, on what, and what it means; without a full stop. */
  readonly problem: string;
  /** What to do about it, in sentences. */
  readonly mend: string;

  constructor(kind: SourceErrorKind, problem: string, mend: string, options?: ErrorOptions) {
    super(kind, `${problem}. ${mend}`, options);
    this.problem = problem;
    this.mend = mend;
  }
}
