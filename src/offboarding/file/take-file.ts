/** One CSV file, from its bytes to an answer for each row. */
import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import type { DeliveryAnswer } from '../../store/schema.ts';
import type { Desk } from '../desk.ts';
import { type Row, readRows } from './rows.ts';

export interface TakenFile {
  /** Of its content: the same content is never taken twice, whatever the file is called. */
  readonly hash: string;
  /** A CSV with a line for each row. */
  readonly answers: string;
  /** For the log. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Takes all rows in one transaction. A file that was taken before is answered as it was then, and does nothing. */
export async function takeFile(
  desk: Desk,
  bytes: Uint8Array,
  name: string,
  arrivedAt: Date,
): Promise<TakenFile> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const read = readRows(bytes, name);
  if (read.kind === 'unreadable') {
    const sentence = `The file was not taken. ${read.sentence} Nothing was done.`;
    return {
      hash,
      answers: page([{ line: 0, person: '', outcome: 'refused', sentence }]),
      outcomes: { refused: 1 },
    };
  }
  const words = read.rows.flatMap((row) => (row.kind === 'word' ? [row.word] : []));
  const delivered = await desk.deliver(
    { id: `file:${hash}`, digest: hash, words },
    { cause: 'hr-file', actor: 'hr', arrivedAt },
  );
  if (delivered.kind === 'contradiction') throw new Error(`The file ${hash} was taken with another content.`);
  const said = [...delivered.answers];
  const lines = read.rows.map((row) => ({ ...placeOf(row), ...answerTo(row, said) }));
  const outcomes: Record<string, number> = {};
  for (const { outcome } of lines) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return { hash, answers: page(lines), outcomes };
}

const placeOf = ({ line, person }: Row) => ({ line, person });

/** @param said - the answers to the rows that are words, in their order; taken from the front */
function answerTo(row: Row, said: DeliveryAnswer[]): DeliveryAnswer {
  if (row.kind === 'bad') return { outcome: 'bad-row', sentence: `${row.sentence} Nothing was done.` };
  const answer = said.shift();
  if (answer === undefined) throw new Error(`The row in line ${row.line} was not answered.`);
  return answer;
}

const page = (
  lines: readonly ({ readonly line: number; readonly person: string } & DeliveryAnswer)[],
): string =>
  stringify(
    lines.map(({ line, person, outcome, run, sentence }) => [line, person, outcome, run ?? '', sentence]),
    // Whoever opens it in a spreadsheet must not have the names of people run as formulas.
    { header: true, columns: ['line', 'person', 'outcome', 'run', 'answer'], escape_formulas: true },
  );
