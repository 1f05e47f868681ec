import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmlessJson, onlyColours, printable, printableValue } from '../../src/words/printable.ts';

const acts = /\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}|[\u202a-\u202e\u2066-\u2069]/u;
const anyText = fc.string({ unit: 'binary' });

describe('text from outside', () => {
  it('shows control characters instead of obeying them', () => {
    expect(printable('Eve\u001b[2J\r\nAdams\u009b31m')).toBe(String.raw`Eve\x1b[2J\r\nAdams\x9b31m`);
  });

  it('shows what would turn the reading direction round', () => {
    expect(printable('gro.elpmaxe\u202e')).toBe(String.raw`gro.elpmaxe\u{202e}`);
  });

  it('leaves names of all scripts as they are', () => {
    for (const name of ['Zoë Müller', '山田太郎', 'نرگس می\u200cرود', '👩‍💻', String.raw`CN=Adams\, Anna`]) {
      expect(printable(name)).toBe(name);
    }
  });

  it('has no character left that acts, whatever comes in', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(printable(text)).not.toMatch(acts);
        expect(printableValue({ [text]: [text] })).not.toMatch(acts);
      }),
    );
  });
});

describe('an attribute value', () => {
  it('tells null, empty and text apart', () => {
    expect(printableValue(null)).toBe('null');
    expect(printableValue('')).toBe('""');
    expect(printableValue('null')).toBe('"null"');
    expect(printableValue(['a', 1, true])).toBe('["a",1,true]');
  });
});

describe('JSON for a terminal', () => {
  it('means the same and acts on nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const text = harmlessJson(JSON.stringify(value, null, 2));

        expect({ ...JSON.parse(text) }).toEqual({ ...JSON.parse(JSON.stringify(value)) });
        expect(text.replaceAll('\n', '')).not.toMatch(acts);
      }),
    );
  });
});

describe('the last filter before a stream', () => {
  it('lets colours and line ends through, and nothing else', () => {
    expect(onlyColours('\u001b[31mred\u001b[39m\n\u001b[2J', true)).toBe(
      `\u001b[31mred\u001b[39m\n${String.raw`\x1b[2J`}`,
    );
    expect(onlyColours('\u001b[31mred\u001b[39m', false)).toBe('red');
  });
});
