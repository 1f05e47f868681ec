/** Offboarding: the standing word of HR, of an operator or of a leave date that somebody left, and the fast lane for it. */
export { type Delivered, type Desk, type DeskMeans, openDesk, type WordsDelivered } from './desk.ts';
export { type EventAnswer, hearEvent } from './event/hear.ts';
export type { Headers } from './event/signature.ts';
export { type DropFolder, openDropFolder } from './file/drop-folder.ts';
export type { Giver, Waiting } from './take.ts';
export type { Answer, AnswerKind, When, Who, Word } from './word.ts';
