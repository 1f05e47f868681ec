import type { Engine } from '../engine/index.ts';

/** Who acts, on what. */
export interface Acting {
  readonly engine: Engine;
  /** As the audit log names them: `cli:anna`, `token:ci`. */
  readonly actor: string;
}
