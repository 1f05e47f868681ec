/** What a command writes, as text, to what it takes for a terminal or a pipe. */
import { Writable } from 'node:stream';
import type { Output } from '../../src/cli/render/index.ts';

export interface Collected {
  readonly stdout: Output;
  readonly stderr: Output;
  /** What was written to both, in order. */
  told(): string;
}

export function collect(about: { readonly isTTY?: boolean; readonly columns?: number } = {}): Collected {
  let text = '';
  const stream = (): Output =>
    Object.assign(
      new Writable({
        decodeStrings: false,
        write: (chunk: unknown, _, next) => {
          text += String(chunk);
          next();
        },
      }),
      about,
    );
  return { stdout: stream(), stderr: stream(), told: () => text };
}
