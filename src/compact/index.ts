/** Many small things in little memory: what is kept of each person of a large org. Pure. */
export { TextHash } from './hash.ts';
export { NumberTable } from './number-table.ts';
export { PackedTexts } from './packed-texts.ts';
export { type Key, RowIndex } from './row-index.ts';
export { TextSet } from './text-set.ts';
