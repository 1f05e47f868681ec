/** Server-sent events, as far as Rollcall sends any: a name and one line of JSON. */

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** One event tells of one run; a line that is longer than this is none of ours. */
const longestLine = 4 * 1_024 * 1_024;

/** @throws {RangeError} where a line does not end */
export async function* eventsIn(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new RangeError('A line of the stream does not end.');
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { name, data: data.join('\n') };
        name = '';
        data = [];
        continue;
      }
      // What begins with a colon is a sign of life.
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
    }
  }
}
