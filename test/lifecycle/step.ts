/** One sentence of a case, and what it does or looks at. */
import type { Life } from './life.ts';

export interface Step {
  readonly says: string;
  does(life: Life): void;
}

export interface Case {
  readonly name: string;
  /** Lines of the configuration that the case is about, as YAML; the defaults where there are none. */
  readonly settings?: string;
  readonly given: readonly Step[];
  readonly when: readonly Step[];
  readonly outcome: readonly Step[];
}

export interface Chapter {
  readonly title: string;
  /** What the chapter is about, and the rule behind its cases. */
  readonly about: string;
  readonly cases: readonly Case[];
}

export const step = (says: string, does: Step['does']): Step => ({ says, does });
