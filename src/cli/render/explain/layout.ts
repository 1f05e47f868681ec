/** The lines of an explanation: a title, then fields with their names at the left. */

import { printable } from '../../../words/printable.ts';
import type { Paint, Screen } from '../colours.ts';
import { displayWidth } from '../display-width.ts';
import { wrap } from '../wrap.ts';

const indent = 2;
const nameWidth = 10;
const start = indent + nameWidth;

export const title = (text: string, { colour }: Screen): readonly string[] => [
  '',
  colour.bold(printable(text)),
];

/** @param text - may have colours, and nothing else that a terminal acts on */
export function field(name: string, text: string, { colour, width }: Screen): readonly string[] {
  const [first = '', ...more] = wrap(text, width, start);
  const head = `${' '.repeat(indent)}${colour.dim(name.padEnd(nameWidth))}`;
  return [`${head}${first.trimStart()}`, ...more];
}

export const sentence = (text: string, { width }: Screen, paint?: Paint): readonly string[] =>
  wrap(printable(text), width, indent).map((line) => (paint === undefined ? line : paint(line)));

/** Below a field or an item. */
export const below = (text: string, { width, colour }: Screen): readonly string[] =>
  wrap(text, width, 4).map(colour.dim);

export const padTo = (text: string, width: number): string =>
  `${text}${' '.repeat(Math.max(0, width - displayWidth(text)))}`;
