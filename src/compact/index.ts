/** Many small things in little memory: what is kept of each person of a large org. Pure. */
export { TextHash } from './hash.ts';
export { type Key, KeyList } from './key-list.ts';
export { NumberTable } from './number-table.ts';
export { type JsonValue, PackedRows } from './packed-rows.ts';
export { PackedTexts } from './packed-texts.ts';
export { RowIndex } from './row-index.ts';
export { TextSet } from './text-set.ts';
