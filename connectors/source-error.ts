/** Why a source could not be read, by what the operator must do about it. */
export type SourceErrorKind =
  | 'unreachable'
  | 'certificate'
  | 'credentials'
  | 'permission'
  | 'base'
  | 'filter'
  | 'file'
  | 'protocol';

/** A source could not be read. The message is one or two sentences: what failed, on what, and the mend. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly kind: SourceErrorKind;

  constructor(kind: SourceErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
