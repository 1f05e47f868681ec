/** The configuration in words, by chapters; the key that decides each sentence stands behind it. */
import type { Chapter } from '../../../config/index.ts';
import { printable } from '../../words/printable.ts';
import type { Screen } from './colours.ts';
import { wrap } from './wrap.ts';

export function renderChapters(chapters: readonly Chapter[], { colour, width }: Screen): readonly string[] {
  return chapters.flatMap(({ title, sentences }, index) => [
    ...(index === 0 ? [] : ['']),
    colour.bold(printable(title)),
    ...sentences.flatMap(({ text, key }) =>
      wrap(`${printable(text)} ${colour.dim(`(${printable(key)})`)}`, width, 2),
    ),
  ]);
}
