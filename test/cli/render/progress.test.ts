import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/cli/render/display-width.ts';
import { drawProgress, progressText } from '../../../src/cli/render/progress.ts';

describe('the progress line', () => {
  it('shows a bar, the rate and the time left where the total is known', () => {
    const text = progressText('Run k3v9m2wt', { done: 30, total: 120, text: 'operations' }, 3, 100);

    expect(text).toBe('Run k3v9m2wt  ██████░░░░░░░░░░░░░░░░░░  30/120 operations  3.0/s  30 s left');
  });

  it('counts where it is not', () => {
    expect(progressText('Reading corp', { done: 1200 }, 400, 80)).toBe('Reading corp: 1200  400/s');
    expect(progressText('Reading corp', { done: 12, text: '12 people' }, undefined, 80)).toBe(
      'Reading corp: 12 people',
    );
  });

  it('never breaks the line of a terminal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.nat(),
        fc.option(fc.nat(), { nil: undefined }),
        fc.integer({ min: 10, max: 200 }),
        (label, done, total, columns) => {
          const text = progressText(label, { done, total, text: label }, 1.5, columns);

          expect(displayWidth(text)).toBeLessThan(columns);
          expect(text).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });
});

describe('a drawn progress', () => {
  function canvas() {
    const written: string[] = [];
    const time = { ms: 0 };
    const progress = drawProgress(
      'Reading',
      { write: (text) => written.push(text), columns: () => 80, clock: () => time.ms },
      () => {},
    );
    return { written, time, progress };
  }

  it('is not drawn more often than anybody can read', () => {
    const { written, time, progress } = canvas();
    for (let done = 0; done < 1_000; done++) {
      time.ms = done;
      progress.update({ done });
    }

    expect(written).toHaveLength(10);
  });

  it('tells the rate of what is counted now, not of the stage before', () => {
    const { written, time, progress } = canvas();
    for (const [ms, done] of [
      [0, 0],
      [2_000, 2_000],
      [3_000, 0],
      [5_000, 20],
    ] as const) {
      time.ms = ms;
      progress.update({ done });
    }

    expect(written[1]).toContain('Reading: 2000  1000/s');
    expect(written.at(-1)).toMatch(/Reading: 20 {2}10\/s$/);
  });

  it('takes its line away at the end, and stays away', () => {
    const { written, progress } = canvas();
    progress.update({ done: 1 });
    progress.stop();
    progress.update({ done: 2 });
    progress.show();
    progress.stop();

    expect(written.at(-1)).toBe('\r\u001b[K');
    expect(written).toHaveLength(2);
  });
});
