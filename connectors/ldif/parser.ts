/** LDIF (RFC 2849) from chunks of bytes, cut anywhere, to items. Pure: it opens nothing. */
import { type LdifItem, labelOf, type RecordLines, readRecord } from './record.ts';

export interface LdifParser {
  /** Takes the next bytes, and gives the items that they complete. The bytes may be reused afterwards. */
  push(chunk: Uint8Array): readonly LdifItem[];
  /** Tells that nothing follows. */
  end(): readonly LdifItem[];
}

export interface LdifParserOptions {
  /** A record of more bytes (unfolded, comments included) is malformed; also bounds the memory used. */
  readonly maxEntrySize: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);
/** Bytes that tell what kind of file it is. */
const headSize = 4;
const searchHeader = Buffer.from('# extended LDIF');

/** Why the file can't be LDIF at all, by its first bytes. */
function refusal(head: Buffer): string | undefined {
  const [first, second] = head;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16 || (head.length > 1 && (first === 0 || second === 0)))
    return 'The file is in UTF-16, as PowerShell writes it; save it as UTF-8 (Out-File -Encoding utf8).';
  if (first === 0x1f && second === 0x8b) return 'The file is compressed (gzip); unpack it first.';
  if (first === 0x50 && second === 0x4b && head[2] === 3)
    return 'The file is compressed (zip); unpack it first.';
  return undefined;
}

/** Makes a parser for one file. Every byte is looked at once, whatever the cuts and foldings. */
export function createLdifParser({ maxEntrySize }: LdifParserOptions): LdifParser {
  let items: LdifItem[] = [];
  let bytes = Buffer.allocUnsafe(16 * 1024);
  let length = 0;
  let starts: number[] = [];
  let lineNumbers: number[] = [];
  let line = 1;
  let atLineStart = true;
  let afterCarriageReturn = false;
  let isTooLarge = false;
  let strayLine: number | undefined;
  let isFirstRecord = true;
  let isRefused = false;
  let isResultOwed = false;
  let head = Buffer.alloc(0);

  const reserve = (more: number) => {
    if (length + more <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, length + more));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
  };

  const refuseByHead = () => {
    const reason = refusal(head);
    if (reason === undefined) return;
    isRefused = true;
    items.push({ kind: 'refused', line: 1, reason });
  };

  const noteSearchHeader = () => {
    for (const [index, start] of starts.entries()) {
      const end = starts[index + 1] ?? length;
      if (end - start === searchHeader.length && searchHeader.equals(bytes.subarray(start, end)))
        isResultOwed = true;
    }
  };

  const finishRecord = () => {
    const [start] = starts;
    const first = lineNumbers[0] ?? line;
    if (isFirstRecord && start !== undefined) {
      isFirstRecord = false;
      if (utf8Mark.equals(bytes.subarray(0, Math.min(length, 3)))) starts[0] = start + 3;
    }
    const record: RecordLines = { bytes, length, starts, lineNumbers };
    if (isTooLarge) {
      const reason = `Line ${first}: the record is larger than maxEntrySize (${maxEntrySize} bytes).`;
      items.push({ kind: 'malformed', line: first, label: labelOf(record), reason });
    } else if (strayLine !== undefined) {
      const reason = `Line ${strayLine}: a record begins with a space, which continues a line that isn't there.`;
      items.push({ kind: 'malformed', line: strayLine, label: '', reason });
    } else if (start !== undefined) {
      noteSearchHeader();
      const item = readRecord(record);
      if (item === 'success' || item === 'more') isResultOwed = item === 'more';
      else if (item !== undefined) {
        if (item.kind === 'partial') isResultOwed = false;
        items.push(item);
      }
    }
    length = 0;
    starts = [];
    lineNumbers = [];
    isTooLarge = false;
    strayLine = undefined;
  };

  const beginLine = (byte: number | undefined): boolean => {
    if (byte !== space) {
      starts.push(length);
      lineNumbers.push(line);
      return false;
    }
    if (starts.length === 0) strayLine ??= line;
    return true;
  };

  const scan = (chunk: Uint8Array) => {
    let at = 0;
    while (at < chunk.length) {
      if (atLineStart) {
        const byte = chunk[at];
        if (afterCarriageReturn) {
          afterCarriageReturn = false;
          if (byte === lineFeed) {
            at += 1;
            continue;
          }
        }
        if (byte === lineFeed || byte === carriageReturn) {
          finishRecord();
          line += 1;
          afterCarriageReturn = byte === carriageReturn;
          at += 1;
          continue;
        }
        if (!isTooLarge && beginLine(byte)) at += 1;
        atLineStart = false;
      }
      at = copyLine(chunk, at);
    }
  };

  /** Copies up to the end of the line or of the chunk, and gives the place behind it. */
  const copyLine = (chunk: Uint8Array, from: number): number => {
    const until = chunk.length;
    let at = from;
    let end = length;
    const target = bytes;
    const keeps = !isTooLarge && strayLine === undefined;
    for (; at < until; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === lineFeed || byte === carriageReturn) {
        atLineStart = true;
        afterCarriageReturn = byte === carriageReturn;
        line += 1;
        at += 1;
        break;
      }
      if (keeps) {
        target[end] = byte;
        end += 1;
      }
    }
    length = end;
    if (length > maxEntrySize && !isTooLarge) {
      isTooLarge = true;
      // Only the DN is still of use, for the message.
      length = maxEntrySize;
    }
    return at;
  };

  const take = (): readonly LdifItem[] => {
    const taken = items;
    items = [];
    return taken;
  };

  /** Pieces of this size bound how far a record can outgrow its limit before that is seen. */
  const pieceSize = 64 * 1024;

  const read = (chunk: Uint8Array) => {
    for (let at = 0; at < chunk.length && !isRefused; at += pieceSize) {
      const piece = chunk.subarray(at, at + pieceSize);
      reserve(piece.length);
      scan(piece);
    }
  };

  return {
    push(chunk) {
      if (isRefused) return take();
      let rest = chunk;
      // Nothing is read before it is known what kind of file this is.
      if (head.length < headSize) {
        rest = chunk.subarray(headSize - head.length);
        head = Buffer.concat([head, chunk.subarray(0, headSize - head.length)]);
        if (head.length < headSize) return take();
        refuseByHead();
        read(head);
      }
      read(rest);
      return take();
    },
    end() {
      if (head.length < headSize) {
        refuseByHead();
        read(head);
      }
      if (isRefused) return take();
      const endsInLine = !atLineStart;
      const lastLine = line;
      finishRecord();
      if (endsInLine)
        items.push({
          kind: 'partial',
          line: lastLine,
          reason: `line ${lastLine}, the last one, has no line end, as if the file had been cut off; if it is whole, add a line end`,
        });
      if (isResultOwed)
        items.push({
          kind: 'partial',
          line: lastLine,
          reason: 'the closing "result:" line of ldapsearch is missing, so the file was cut off',
        });
      return take();
    },
  };
}
