/** Messages of a server, made by hand. */

/** An element of BER with a length of as many bytes as it needs. */
export function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  return Buffer.concat([Buffer.from([tag, 0x84]), size, content]);
}

export const text = (value: string): Buffer => element(0x04, Buffer.from(value));
export const list = (tag: number, ...parts: readonly Buffer[]): Buffer => element(tag, Buffer.concat(parts));

const messageId = Buffer.from([0x02, 1, 7]);

export const message = (...parts: readonly Buffer[]): Buffer => list(0x30, messageId, ...parts);

/** @param attributes - each with its values */
export const entry = (dn: string, attributes: Readonly<Record<string, readonly string[]>>): Buffer =>
  message(
    list(
      0x64,
      text(dn),
      list(
        0x30,
        ...Object.entries(attributes).map(([name, values]) =>
          list(0x30, text(name), list(0x31, ...values.map(text))),
        ),
      ),
    ),
  );

/** The end of a search. */
export const done = (code: number, diagnostic: string, ...more: readonly Buffer[]): Buffer =>
  list(0x65, Buffer.from([0x0a, 1, code]), text('dc=example'), text(diagnostic), ...more);
