/** The thin layer between a command and its two output streams. */
import type { Writable } from 'node:stream';
import { harmlessJson, onlyColours } from '../../words/printable.ts';
import { type Colours, createColours, type Screen, wantsColours } from './colours.ts';
import { type LiveScreen, openLiveScreen } from './live-screen.ts';
import { drawProgress, type Progress, type ProgressLine, silentProgress } from './progress.ts';
import { fit } from './wrap.ts';

export type Output = Writable & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

export interface TerminalOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Whether stdout is to carry one JSON document and nothing else. */
  readonly json: boolean;
  /** Milliseconds of a clock that only moves forwards, for rates. */
  readonly clock?: () => number;
}

export interface Terminal extends Screen {
  /** Colours for stdout. */
  readonly colour: Colours;
  /** The columns of stdout at this moment; `Infinity` in a pipe. */
  readonly width: number;
  /** Whether a person reads stdout as it is written. */
  readonly isInteractive: boolean;
  /** A result, on stdout; on stderr where stdout is for JSON. */
  line(text: string): void;
  /**
   * The one JSON document of this command.
   *
   * @throws {Error} when there was one already
   */
  json(value: unknown): void;
  /** Something by the way, on stderr. */
  note(text: string): void;
  /** Shows how far something is, on a terminal only. Other output pushes it down; there is one at a time. */
  progress(label: string): Progress;
  /** A screen that is drawn again in place; only where the terminal is interactive. */
  liveScreen(): LiveScreen;
}

const usualColumns = 80;
const usualRows = 24;

/** Whatever is written, no control character but colour codes and line ends gets through. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, env, json, clock = () => performance.now() } = options;
  const colour = createColours(!json && wantsColours(stdout.isTTY ?? false, env));
  const hasColoursOnStderr = wantsColours(stderr.isTTY ?? false, env);
  const drawsProgress = !json && (stderr.isTTY ?? false) && env.TERM !== 'dumb';
  let progress: ProgressLine | undefined;
  let hasJson = false;

  function write(stream: Output, text: string): void {
    progress?.hide();
    stream.write(`${text}\n`);
    progress?.show();
  }

  return {
    colour,
    get width() {
      return widthOf(stdout);
    },
    isInteractive: !json && (stdout.isTTY ?? false),
    line(text) {
      if (json) write(stderr, onlyColours(text, false));
      else write(stdout, onlyColours(fitted(text, widthOf(stdout)), colour.isColorSupported));
    },
    json(value) {
      if (hasJson) throw new Error('A command prints one JSON document; this is a second one.');
      hasJson = true;
      write(stdout, harmlessJson(JSON.stringify(value, null, 2)));
    },
    note(text) {
      write(stderr, onlyColours(fitted(text, widthOf(stderr)), hasColoursOnStderr));
    },
    progress(label) {
      if (!drawsProgress) return silentProgress;
      progress?.stop();
      const canvas = {
        write: (text: string) => stderr.write(text),
        columns: () => stderr.columns || usualColumns,
        clock,
      };
      const own = drawProgress(label, canvas, () => {
        if (progress === own) progress = undefined;
      });
      progress = own;
      return own;
    },
    liveScreen() {
      const screen = openLiveScreen({
        write: (text) => stdout.write(text),
        rows: () => stdout.rows || usualRows,
      });
      return {
        ...screen,
        draw: (lines) =>
          screen.draw(
            lines
              .flatMap((text) => fit(text, widthOf(stdout)))
              .map((text) => onlyColours(text, colour.isColorSupported)),
          ),
      };
    },
  };
}

/** The columns of a terminal at this moment; `Infinity` in a pipe. */
export const widthOf = ({ isTTY, columns }: Output): number =>
  (isTTY ?? false) ? columns || usualColumns : Number.POSITIVE_INFINITY;

/** A text of one line or more, none of them wider than so many columns if it can be broken. */
export const fitted = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => fit(line, width))
    .join('\n');

/** A reader that has seen enough (`| head`) is no failure; anything else still is. */
export function endQuietlyWith(stream: Output): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
