/** Something could not be done, for no mistake of whoever asked. The message says why, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
