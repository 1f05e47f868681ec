/** Who is in what can't be told by changes any more: only a whole reading helps. */
export class ScopeLost extends Error {
  override readonly name = 'ScopeLost';
}
