/** An LDAP server that answers as a test tells it to: for what no well-behaved server does. */
import { createServer, type Socket } from 'node:net';
import { Ber, BerReader, BerWriter, PagedResultsControl, PresenceFilter, SearchRequest } from 'ldapts';
import { BerCursor, berTag } from '../../connectors/ldap/wire/ber.ts';
import { FrameSplitter } from '../../connectors/ldap/wire/frames.ts';

export type ScriptedSearch = {
  /** Counted from 0 over all connections. */
  readonly number: number;
  readonly base: string;
  readonly attributes: readonly string[];
  readonly sizeLimit: number;
  readonly timeLimit: number;
  /** Of the paged results control; undefined where none came. */
  readonly page: { readonly size: number; readonly cookie: string } | undefined;
  /** The value of each other control, by its object identifier. */
  readonly controls: ReadonlyMap<string, Buffer>;
};

export type Reply =
  | {
      readonly kind: 'entry';
      readonly dn: string;
      readonly attributes: Readonly<Record<string, readonly (string | Buffer)[]>>;
    }
  | { readonly kind: 'reference'; readonly uris: readonly string[] }
  | {
      readonly kind: 'done';
      readonly code?: number;
      readonly diagnostic?: string;
      readonly referrals?: readonly string[];
      /** Sent in a paged results control; none is sent where this is undefined. */
      readonly cookie?: string;
      /** Another control, sent as it is. */
      readonly control?: { readonly oid: string; readonly value: Buffer };
    }
  /** Half of an entry's bytes, and then the connection is cut. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'notice'; readonly diagnostic: string };

export type ScriptedLdapOptions = {
  readonly onSearch?: (search: ScriptedSearch) => readonly Reply[];
  readonly bind?: { readonly code: number; readonly diagnostic: string } | 'never';
  /** What StartTLS gets: a refusal, a success that nothing follows, or a success with plaintext behind it. */
  readonly startTls?: 'refuse' | 'hang' | 'inject';
};

export type ScriptedLdap = {
  readonly url: string;
  readonly searches: readonly ScriptedSearch[];
  connections(): number;
  stop(): Promise<void>;
};

/** Starts the server on a free port of 127.0.0.1. */
export async function startScriptedLdap(options: ScriptedLdapOptions): Promise<ScriptedLdap> {
  const searches: ScriptedSearch[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    const frames = new FrameSplitter();
    let isDeaf = false;
    socket.on('data', (chunk) => {
      // After a StartTLS that was granted the client talks TLS, which this server doesn't.
      if (isDeaf) return;
      if (options.startTls === 'hang' || options.startTls === 'inject') isDeaf = true;
      frames.push(chunk, (bytes, start, end) =>
        answer(socket, bytes.subarray(start, end), options, searches),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `ldap://127.0.0.1:${port}`,
    searches,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An entry as most tests need it. */
export const personReply = (uuid: string, attributes: Record<string, readonly string[]> = {}): Reply => ({
  kind: 'entry',
  dn: `uid=${uuid},ou=people`,
  attributes: { entryUUID: [uuid], ...attributes },
});

function answer(
  socket: Socket,
  frame: Buffer,
  options: ScriptedLdapOptions,
  searches: ScriptedSearch[],
): void {
  const reader = new BerReader(frame);
  reader.readSequence();
  const id = reader.readInt() ?? 0;
  const operation = reader.readSequence();
  if (operation === 0x60) {
    if (options.bind !== 'never') socket.write(result(id, 0x61, options.bind ?? {}));
  } else if (operation === 0x77) {
    const outcome = result(id, 0x78, options.startTls === 'refuse' ? { code: 52, diagnostic: 'no TLS' } : {});
    const extra = options.startTls === 'inject' ? result(id + 1, 0x61, {}) : Buffer.alloc(0);
    // One byte of the injected message is held back, so that it lies in the buffer unread.
    socket.write(Buffer.concat([outcome, extra.subarray(0, Math.max(0, extra.length - 1))]));
  } else if (operation === 0x63) {
    const search = parseSearch(id, reader, searches.length, controlsOf(frame));
    searches.push(search);
    for (const reply of options.onSearch?.(search) ?? [{ kind: 'done' } as const]) send(socket, id, reply);
  } else if (operation === 0x42) {
    socket.end();
  }
}

function controlsOf(frame: Buffer): ReadonlyMap<string, Buffer> {
  const message = new BerCursor(frame, 0, frame.length).enter(berTag.sequence);
  message.skip();
  message.skip();
  const values = new Map<string, Buffer>();
  if (message.atEnd) return values;
  for (const controls = message.enter(0xa0); !controls.atEnd; ) {
    const control = controls.enter(berTag.sequence);
    const oid = control.bytes().toString();
    if (!control.atEnd && control.peek() === berTag.boolean) control.skip();
    values.set(oid, control.atEnd ? Buffer.alloc(0) : Buffer.from(control.bytes()));
  }
  return values;
}

function parseSearch(
  id: number,
  reader: BerReader,
  number: number,
  controls: ScriptedSearch['controls'],
): ScriptedSearch {
  const request = new SearchRequest({ messageId: id, filter: new PresenceFilter() });
  request.parse(reader, []);
  const paged = request.controls?.find((control) => control instanceof PagedResultsControl);
  const { baseDN: base, attributes, sizeLimit, timeLimit } = request;
  return {
    ...{ number, base, attributes, sizeLimit, timeLimit, controls },
    page: paged?.value && { size: paged.value.size, cookie: paged.value.cookie?.toString() ?? '' },
  };
}

function send(socket: Socket, id: number, reply: Reply): void {
  switch (reply.kind) {
    case 'entry':
      socket.write(entry(id, reply.dn, reply.attributes));
      return;
    case 'reference':
      socket.write(
        message(id, 0x73, (writer) => {
          writer.writeStringArray([...reply.uris]);
        }),
      );
      return;
    case 'done':
      socket.write(result(id, 0x65, reply));
      return;
    case 'cut': {
      const whole = entry(id, 'uid=cut,ou=people', { description: ['x'.repeat(1_000)] });
      socket.write(whole.subarray(0, whole.length / 2), () => socket.destroy());
      return;
    }
    case 'bytes':
      socket.write(reply.bytes);
      return;
    case 'notice':
      socket.write(result(0, 0x78, { code: 52, diagnostic: reply.diagnostic }));
      socket.end();
      return;
    default:
      reply satisfies never;
  }
}

function entry(
  id: number,
  dn: string,
  attributes: Readonly<Record<string, readonly (string | Buffer)[]>>,
): Buffer {
  return message(id, 0x64, (writer) => {
    writer.writeString(dn);
    writer.startSequence();
    for (const [name, values] of Object.entries(attributes)) {
      writer.startSequence();
      writer.writeString(name);
      writer.startSequence(0x31);
      for (const value of values) writer.writeBuffer(Buffer.from(value), Ber.OctetString);
      writer.endSequence();
      writer.endSequence();
    }
    writer.endSequence();
  });
}

function result(
  id: number,
  tag: number,
  { code = 0, diagnostic = '', referrals, cookie, control }: Omit<Extract<Reply, { kind: 'done' }>, 'kind'>,
): Buffer {
  const body = (writer: BerWriter): void => {
    writer.writeEnumeration(code);
    writer.writeString('');
    writer.writeString(diagnostic);
    if (referrals === undefined) return;
    writer.startSequence(0xa3);
    writer.writeStringArray([...referrals]);
    writer.endSequence();
  };
  return message(id, tag, body, (writer) => {
    if (cookie === undefined && control === undefined) return;
    writer.startSequence(0xa0);
    if (cookie !== undefined)
      new PagedResultsControl({ value: { size: 0, cookie: Buffer.from(cookie) } }).write(writer);
    if (control !== undefined) {
      writer.startSequence();
      writer.writeString(control.oid);
      writer.writeBuffer(control.value, Ber.OctetString);
      writer.endSequence();
    }
    writer.endSequence();
  });
}

function message(
  id: number,
  tag: number,
  writeBody: (writer: BerWriter) => void,
  writeControls: (writer: BerWriter) => void = () => undefined,
): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(tag);
  writeBody(writer);
  writer.endSequence();
  writeControls(writer);
  writer.endSequence();
  return writer.buffer;
}
