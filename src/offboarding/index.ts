/** Offboarding: the standing word of HR, of an operator or of a leave date that somebody left, and the fast lane for it. */
export { type Delivered, type Desk, openDesk } from './desk.ts';
export { type EventAnswer, hearEvent } from './event/hear.ts';
export { openDropFolder } from './file/drop-folder.ts';
export type { Giver } from './take.ts';
export type { Answer, AnswerKind, When, Who, Word } from './word.ts';
