/** The decoder of search entries against ldapts's own, on generated entries: both must see the same. */
import fc from 'fast-check';
import { BerReader, BerWriter, ProtocolOperation, SearchEntry as TheirEntry } from 'ldapts';
import { describe, expect, test } from 'vitest';
import { BerError } from '../../../connectors/ldap/wire/ber.ts';
import { DescriptionTable, SearchEntry } from '../../../connectors/ldap/wire/entry.ts';
import { FrameSplitter } from '../../../connectors/ldap/wire/frames.ts';
import { decodeMessage } from '../../../connectors/ldap/wire/messages.ts';

type Attributes = readonly (readonly [string, readonly Buffer[]])[];

/** How many bytes a length is written in; BER allows more than are needed, and some servers do so. */
type LengthSize = 'shortest' | 1 | 2 | 3 | 4;

function element(tag: number, content: Buffer, size: LengthSize = 'shortest'): Buffer {
  const { length } = content;
  if (size === 'shortest' && length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const needed = Math.max(1, Math.ceil(length.toString(16).length / 2));
  const count = size === 'shortest' ? needed : Math.max(size, needed);
  const head = Buffer.alloc(2 + count);
  head.writeUInt8(tag, 0);
  head.writeUInt8(0x80 | count, 1);
  head.writeUIntBE(length, 2, count);
  return Buffer.concat([head, content]);
}

/** An entry's message. Each element takes the next of the sizes, round and round. */
function entryMessage(dn: string, attributes: Attributes, sizes: readonly LengthSize[]): Buffer {
  let count = 0;
  const put = (tag: number, ...parts: readonly Buffer[]): Buffer => {
    count += 1;
    return element(tag, Buffer.concat(parts), sizes[count % sizes.length]);
  };
  const list = attributes.map(([description, values]) =>
    put(0x30, put(0x04, Buffer.from(description)), put(0x31, ...values.map((value) => put(0x04, value)))),
  );
  return put(0x30, Buffer.from([0x02, 1, 7]), put(0x64, put(0x04, Buffer.from(dn)), put(0x30, ...list)));
}

const lengthSize = fc.constantFrom<LengthSize>('shortest', 1, 2, 3, 4);
/** Around the lengths at which BER changes its form: 127 and 128, 255 and 256, 65,535 and 65,536. */
const oddLengths = fc
  .constantFrom(0, 1, 126, 127, 128, 129, 255, 256, 257, 65_535, 65_536)
  .map((length) => Buffer.alloc(length, 'x'));
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  { arbitrary: oddLengths, weight: 1 },
);
const description = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,20}(;lang-[a-z]{2})?(;binary)?$/);
const attributes = fc.uniqueArray(fc.tuple(description, fc.array(value, { maxLength: 4 })), {
  maxLength: 8,
  selector: ([name]) => name.toLowerCase(),
});
const anyEntry = fc.record({
  dn: fc.string({ unit: 'grapheme', maxLength: 200 }),
  attributes,
  sizes: fc.array(lengthSize, { minLength: 1, maxLength: 7 }),
});

function decode(message: Buffer): SearchEntry {
  const decoded = decodeMessage(message);
  if (decoded.kind !== 'entry') throw new Error('not an entry');
  return decoded.entry;
}

describe('an entry', () => {
  test('is what ldapts decodes of the same bytes, however its lengths are written', () => {
    fc.assert(
      fc.property(anyEntry, ({ dn, attributes, sizes }) => {
        const message = entryMessage(dn, attributes, sizes);
        const reader = new BerReader(message);
        reader.readSequence();
        const messageId = reader.readInt() ?? 0;
        reader.readSequence(ProtocolOperation.LDAP_RES_SEARCH_ENTRY);
        const theirs = new TheirEntry({ messageId });
        theirs.parse(reader, []);

        const ours = decode(message);

        expect(ours.dn).toBe(theirs.name);
        expect(ours.attributes.map((one) => one.description)).toEqual(
          theirs.attributes.map(({ type }) => type),
        );
        for (const [index, { values }] of theirs.attributes.entries()) {
          expect(ours.attributes[index]?.values.map(String)).toEqual(values.map(String));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('that ldapts writes is read as it was meant', () => {
    fc.assert(
      fc.property(anyEntry, ({ dn, attributes }) => {
        const writer = new BerWriter();
        writer.startSequence();
        writer.writeInt(7);
        writer.startSequence(ProtocolOperation.LDAP_RES_SEARCH_ENTRY);
        writer.writeString(dn);
        writer.startSequence();
        for (const [name, values] of attributes) {
          writer.startSequence();
          writer.writeString(name);
          writer.startSequence(0x31);
          for (const bytes of values) writer.writeBuffer(bytes, 0x04);
          writer.endSequence();
          writer.endSequence();
        }
        writer.endSequence();
        writer.endSequence();
        writer.endSequence();

        const ours = decode(writer.buffer);

        expect(ours.dn).toBe(dn);
        expect(ours.attributes).toEqual(attributes.map(([name, values]) => ({ description: name, values })));
      }),
      { numRuns: 200 },
    );
  });

  test('reads the same by uses as attribute by attribute, and nothing that has no use', () => {
    const isUsed = (name: string) => name.length % 2 === 0;
    const uses = new DescriptionTable((name) =>
      isUsed(name)
        ? {
            name,
            isPlain: false,
            text: (bytes: Buffer, start: number, end: number) => bytes.toString('hex', start, end),
          }
        : undefined,
    );
    fc.assert(
      fc.property(anyEntry, ({ dn, attributes, sizes }) => {
        const read: unknown[] = [];

        decode(entryMessage(dn, attributes, sizes)).read(uses, ({ name }, texts) => read.push([name, texts]));

        expect(read).toEqual(
          attributes
            .filter(([name]) => isUsed(name))
            .map(([name, values]) => [name, values.map((bytes) => bytes.toString('hex'))]),
        );
      }),
    );
  });

  test('gives plain text as it stands, whether all of the entry is ASCII or only a part', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    const uses = new DescriptionTable((name) => ({
      name,
      isPlain: true,
      text: (bytes: Buffer, start: number, end: number) => bytes.toString('utf8', start, end),
    }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('cn', 'sn'), fc.array(text))), (given) => {
        const read: unknown[] = [];
        const attributes = given.map(
          ([name, texts]) => [name, texts.map((one) => Buffer.from(one))] as [string, Buffer[]],
        );

        decode(entryMessage('cn=x', attributes, [])).read(uses, ({ name }, texts) =>
          read.push([name, texts]),
        );

        expect(read).toEqual(given.map(([name, texts]) => [name, texts.map((one) => one.toWellFormed())]));
      }),
    );
  });

  test('is refused where it is no entry, when it arrives and never later', () => {
    const [dn, name, set] = [
      element(0x04, Buffer.from('cn=x')),
      element(0x04, Buffer.from('cn')),
      element(0x31, Buffer.alloc(0)),
    ];
    const refused = (...parts: readonly Buffer[]) => {
      const body = Buffer.concat(parts);
      expect(() => new SearchEntry(body, 0, body.length)).toThrow(BerError);
    };

    refused();
    refused(dn);
    refused(element(0x05, Buffer.from('cn=x')), element(0x30, Buffer.alloc(0)));
    refused(dn, element(0x31, Buffer.alloc(0)));
    refused(dn, element(0x30, name));
    refused(dn, element(0x30, element(0x30, name)));
    refused(dn, element(0x30, element(0x30, Buffer.concat([name, element(0x30, Buffer.alloc(0))]))));
    refused(
      dn,
      element(0x30, element(0x30, Buffer.concat([name, element(0x31, element(0x02, Buffer.from([1])))]))),
    );
    refused(dn, Buffer.from([0x30, 5, ...element(0x30, Buffer.concat([name, set])).subarray(0, 4)]));
    refused(dn, Buffer.from([0x30, 0x80, 0, 0]));
    refused(dn, Buffer.from([0x30, 0x85, 0, 0, 0, 0, 0]));
    refused(dn, Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]));
  });
});

describe('arbitrary bytes', () => {
  /** What a connection does with what arrives. Everything that comes out must lie within what went in. */
  function receive(chunks: readonly Buffer[]): readonly unknown[] {
    const splitter = new FrameSplitter();
    const messages: unknown[] = [];
    for (const chunk of chunks) {
      splitter.push(chunk, (bytes, start, end) => {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(bytes.length);
        const message = decodeMessage(bytes, start, end);
        // Reading can't fail any more once the message was taken.
        messages.push(message.kind === 'entry' ? [message.entry.dn, message.entry.attributes] : message);
      });
    }
    return messages;
  }

  const settle = (chunks: readonly Buffer[]) => {
    try {
      return receive(chunks);
    } catch (error) {
      expect(error).toBeInstanceOf(BerError);
      return error;
    }
  };

  test('are refused or waited for, and nothing else', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      // Those that begin like a message get further.
      fc.uint8Array({ maxLength: 120 }).map((rest) => Buffer.from([0x30, rest.length, ...rest])),
      fc
        .uint8Array({ maxLength: 100 })
        .map((rest) => Buffer.from([0x30, rest.length + 5, 2, 1, 7, 0x64, rest.length, ...rest])),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (chunks) => {
        settle(chunks.map((chunk) => Buffer.from(chunk)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('in place of some of a good message never change what stands behind it', () => {
    const mutation = fc.record({
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
      cut: fc.nat(8),
    });
    const last = entryMessage('cn=last', [['cn', [Buffer.from('last')]]], ['shortest']);
    fc.assert(
      fc.property(
        anyEntry,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        ({ dn, attributes, sizes }, mutations, isInside) => {
          let message = entryMessage(dn, attributes, sizes);
          for (const { at, bytes, cut } of mutations) {
            const place = at % (message.length + 1);
            // Either bytes are exchanged, or some are put in or left out, which shifts all lengths.
            const rest = message.subarray(isInside ? place + bytes.length : place + cut);
            message = Buffer.concat([message.subarray(0, place), Buffer.from(bytes), rest]);
          }

          const seen = settle([message, last]);

          // A frame that is accepted as a message is as long as its own header says: what follows begins there.
          if (Array.isArray(seen) && seen.length === 2 && message.length > 0) {
            expect(seen[1]).toEqual(['cn=last', [{ description: 'cn', values: [Buffer.from('last')] }]]);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
