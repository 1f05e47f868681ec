/** What a benchmark offers to the runner. */
import type { Standing } from './measure.ts';

export interface BenchCase {
  readonly name: string;
  /** A line for the results: what is measured. */
  readonly title: string;
  /** How many people it is about, unless told. */
  readonly people: number;
  run(options: BenchOptions): Promise<readonly Standing[]>;
}

export interface BenchOptions {
  readonly people: number;
  /** How often each competitor runs. */
  readonly rounds: number;
}
