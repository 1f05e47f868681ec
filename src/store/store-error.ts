/** Why the store can't be used, by what the operator must do about it. */
export type StoreErrorKind =
  | 'unreachable'
  | 'credentials'
  | 'database'
  | 'permission'
  | 'folder'
  | 'damaged'
  | 'newer'
  | 'migration';

/** The store can't be used. The message is one or two sentences: what failed, on what, and the mend. It carries no password. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
