import { describe, expect, it } from 'vitest';
import { openLiveScreen } from '../../../src/cli/render/live-screen.ts';

const escapeCode = '\u001b';

function canvas(rows = 24) {
  let written = '';
  const size = { rows };
  const screen = openLiveScreen({
    write: (text) => {
      written += text;
    },
    rows: () => size.rows,
  });
  const taken = () => {
    const text = written;
    written = '';
    return text;
  };
  taken();
  return { screen, size, taken };
}

describe('a live screen', () => {
  it('is drawn from the top, over what was there, and nothing of it is left', () => {
    const { screen, taken } = canvas();
    screen.draw(['one', 'two']);

    expect(taken()).toBe(`${escapeCode}[Hone${escapeCode}[K\r\ntwo${escapeCode}[K${escapeCode}[J`);
  });

  it('says how much is below its last row, at the size that it has now', () => {
    const { screen, size, taken } = canvas(3);
    screen.draw(['1', '2', '3', '4', '5']);
    expect(taken()).toMatch(/1.*\r\n2.*\r\n\.\.\. and 3 more lines/);

    size.rows = 5;
    screen.draw(['1', '2', '3', '4', '5']);
    expect(taken()).toContain('5');
  });

  it('gives the terminal back once, and stays closed', () => {
    const { screen, taken } = canvas();
    screen.close();
    screen.close();
    screen.draw(['late']);

    expect(taken()).toBe(`${escapeCode}[?7h${escapeCode}[?25h${escapeCode}[?1049l`);
  });
});
