/** The people of one container of a source, directly in it. */
export interface CensusBranch {
  /** The containers around them, the nearest first; empty where the source has none. */
  readonly path: readonly string[];
  /** A mark for each person: a hash of their anchor. */
  readonly marks: Uint32Array;
}

/** Who was there in one reading. */
export interface Census {
  readonly branches: readonly CensusBranch[];
}
