/** One line that shows how far something is, drawn over itself. */

import { printable } from '../../words/printable.ts';
import { durationInWords } from '../../words/time.ts';
import { cutToWidth, displayWidth } from './display-width.ts';

export interface ProgressUpdate {
  readonly done: number;
  /** Undefined where nobody knows it. */
  readonly total?: number | undefined;
  /** What is counted, such as `operations`; without a total, the whole state in words. */
  readonly text?: string | undefined;
}

export interface Progress {
  update(update: ProgressUpdate): void;
  /** Takes the line away. */
  stop(): void;
}

export const silentProgress: Progress = { update: () => {}, stop: () => {} };

/** A line that other output can push aside for a moment. */
export interface ProgressLine extends Progress {
  hide(): void;
  show(): void;
}

export interface ProgressCanvas {
  write(text: string): unknown;
  columns(): number;
  /** Milliseconds of a clock that only moves forwards. */
  clock(): number;
}

const redrawAfterMs = 100;
const rateWindowMs = 30_000;
const rateAfterMs = 1_000;
const barWidth = 24;
const eraseLine = '\r\u001b[K';

export function drawProgress(label: string, canvas: ProgressCanvas, onStop: () => void): ProgressLine {
  const samples: { readonly at: number; readonly done: number }[] = [];
  let latest: ProgressUpdate | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isStopped = false;

  function rate(): number | undefined {
    const first = samples[0];
    const last = samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < rateAfterMs) return undefined;
    return ((last.done - first.done) * 1_000) / (last.at - first.at);
  }

  function draw(): void {
    if (isStopped || latest === undefined) return;
    const columns = canvas.columns();
    canvas.write(`${eraseLine}${progressText(label, latest, rate(), columns)}`);
  }

  return {
    update(update) {
      const at = canvas.clock();
      const last = samples.at(-1);
      // Counting began anew: a next stage.
      if (last !== undefined && update.done < last.done) samples.length = 0;
      latest = update;
      if (at - drawnAt < redrawAfterMs && update.done !== update.total) return;
      drawnAt = at;
      samples.push({ at, done: update.done });
      while (samples.length > 2 && (samples[0]?.at ?? at) < at - rateWindowMs) samples.shift();
      draw();
    },
    stop() {
      if (isStopped) return;
      if (latest !== undefined) canvas.write(eraseLine);
      isStopped = true;
      onStop();
    },
    hide() {
      if (!isStopped && latest !== undefined) canvas.write(eraseLine);
    },
    show: draw,
  };
}

/**
 * The line itself, never wider than the terminal, where it would break and stay.
 *
 * @param rate - how many are done in a second; undefined while nobody can tell
 */
export function progressText(
  label: string,
  { done, total, text }: ProgressUpdate,
  rate: number | undefined,
  columns: number,
): string {
  const speed = rate === undefined || rate <= 0 ? [] : [`${rounded(rate)}/s`];
  if (total === undefined) {
    const counted = [text ?? String(done), ...speed].join('  ');
    return cutToWidth(printable(`${label}: ${counted}`), columns - 1);
  }
  const left =
    rate === undefined || rate <= 0 || done >= total
      ? []
      : [`${durationInWords(((total - done) / rate) * 1_000)} left`];
  const unit = text === undefined ? '' : ` ${text}`;
  const counted = printable([`${done}/${total}${unit}`, ...speed, ...left].join('  '));
  const name = printable(label);
  const room = Math.min(barWidth, columns - 1 - displayWidth(name) - displayWidth(counted) - 3);
  const parts = room < 6 ? [name, counted] : [name, bar(done, total, room), counted];
  return cutToWidth(parts.join('  '), columns - 1);
}

function bar(done: number, total: number, width: number): string {
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const filled = Math.floor(share * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

const rounded = (rate: number): string => (rate < 10 ? rate.toFixed(1) : String(Math.round(rate)));
