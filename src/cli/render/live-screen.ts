/** A screen of its own that is drawn again in place, and gives back what the terminal showed before. */

export interface ScreenCanvas {
  write(text: string): unknown;
  rows(): number;
}

export interface LiveScreen {
  draw(lines: readonly string[]): void;
  close(): void;
}

const escapeCode = '\u001b';
/** The alternate screen, without a cursor; lines that are too long end at the edge, where they would take a second row. */
const open = `${escapeCode}[?1049h${escapeCode}[?25l${escapeCode}[?7l`;
const close = `${escapeCode}[?7h${escapeCode}[?25h${escapeCode}[?1049l`;
const home = `${escapeCode}[H`;
const eraseRestOfLine = `${escapeCode}[K`;
const eraseBelow = `${escapeCode}[J`;

export function openLiveScreen({ write, rows }: ScreenCanvas): LiveScreen {
  let isOpen = true;
  write(open);
  return {
    // Overwritten and not cleared first, which would flicker.
    draw(lines) {
      if (isOpen)
        write(
          `${home}${fitting(lines, rows()).join(`${eraseRestOfLine}\r\n`)}${eraseRestOfLine}${eraseBelow}`,
        );
    },
    close() {
      if (isOpen) write(close);
      isOpen = false;
    },
  };
}

/** What is too much for the screen is counted. */
function fitting(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const shown = lines.slice(0, Math.max(0, rows - 1));
  return [...shown, `... and ${lines.length - shown.length} more lines`];
}
