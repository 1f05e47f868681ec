import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth } from '../../../src/cli/render/display-width.ts';
import { renderTable } from '../../../src/cli/render/table.ts';
import { wrap } from '../../../src/cli/render/wrap.ts';
import { pipe, plain, terminalOf } from './rows.ts';

describe('the width of a text', () => {
  it.each([
    ['anna', 4],
    ['Zoe\u0308', 3],
    ['Zoë', 3],
    ['山田太郎', 8],
    ['ｱｲ', 2],
    ['한글', 4],
    ['👩‍💻', 2],
    ['', 0],
  ])('of %s is %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  it('is kept by cutting, between characters', () => {
    expect(cutToWidth('山田太郎', 5)).toBe('山田');
    expect(cutToWidth('Zoe\u0308x', 3)).toBe('Zoe\u0308');
    expect(cutToWidth('anna', 10)).toBe('anna');
  });
});

describe('wrapping', () => {
  it('breaks between words, indents, and loses no word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', '山') }), {
          minLength: 1,
        }),
        fc.integer({ min: 30, max: 100 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width, 4);

          expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(words);
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('keeps a long address whole', () => {
    const address = `${'a'.repeat(90)}@example.org`;
    expect(wrap(`Mail to ${address} failed`, 40)).toContain(address);
  });

  it('leaves one line in a pipe', () => {
    expect(wrap('a '.repeat(500).trim(), Number.POSITIVE_INFINITY)).toHaveLength(1);
  });
});

describe('a table', () => {
  it('aligns wide characters and accents', () => {
    const lines = renderTable(
      ['NAME', 'STATE'],
      [
        ['山田', 'done'],
        ['Zoe\u0308', 'done'],
        ['anna', 'done'],
      ],
      pipe,
    );

    const starts = lines.slice(1).map((line) => displayWidth(line.slice(0, line.indexOf('done'))));
    expect(new Set(starts)).toEqual(new Set([6]));
  });

  it('breaks the sentence in the last column, and cuts nothing', () => {
    const sentence =
      'The server said that this is not possible at the moment, so it is tried again later on.';
    const lines = renderTable(['PERSON', 'MESSAGE'], [['anna@example.org', sentence]], terminalOf(60));

    expect(plain(lines).replaceAll(/\s+/g, ' ')).toContain(sentence);
    for (const line of lines) expect(displayWidth(plain([line]))).toBeLessThanOrEqual(60);
  });

  it('puts the sentence below where the other columns leave no room', () => {
    const address = `${'a'.repeat(60)}@example.org`;
    const lines = renderTable(['PERSON', 'MESSAGE'], [[address, 'It failed for a reason.']], terminalOf(80));

    expect(plain(lines).split('\n')).toEqual(['PERSON', address, '    It failed for a reason.']);
  });

  it('shows control characters in a cell instead of obeying them', () => {
    const lines = renderTable(['PERSON', 'MESSAGE'], [['eve\u001b[2J', 'a\nb']], pipe);

    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(String.raw`eve\x1b[2J  a\nb`);
  });
});
