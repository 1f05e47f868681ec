/** The live stream: every entry, in order, at least once, whoever dies. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type AuditSink,
  type AuditStream,
  audit,
  openFileSink,
  openSyslogSink,
  startAuditStream,
  streamedUpTo,
} from '../../src/audit/index.ts';
import { migrate } from '../../src/store/index.ts';
import { emptyLog, entries } from '../builders/audit.ts';
import { until } from '../e2e/stage.ts';
import { makeCertificates } from '../servers/certificates.ts';
import { newStore, type TestStore, temporaryFolder } from '../store/stores.ts';

/** A syslog receiver that reads frames by their octet count, and can be killed with what is on its way. */
function receiver() {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const space = rest.indexOf(0x20);
        const length = Number(rest.subarray(0, Math.max(space, 0)));
        if (space < 0 || rest.length < space + 1 + length) return;
        received.push(rest.subarray(space + 1, space + 1 + length).toString());
        rest = rest.subarray(space + 1 + length);
      }
    });
  });
  return {
    received,
    seqs: () => received.map((text) => Number(JSON.parse(text.slice(text.indexOf('{'))).seq)),
    async listen(port = 0): Promise<number> {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async die(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe.each(['embedded', 'server'] as const)('from the %s store', (kind) => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await newStore(kind);
    await migrate(opened.store.db);
  });
  afterAll(() => opened.end());
  beforeEach(() => emptyLog(opened.store.db));

  const streaming = (
    open: (stopping: AbortSignal) => Promise<AuditSink>,
    owner = 'me',
    settleMs = 300,
  ): AuditStream =>
    startAuditStream({
      db: opened.store.db,
      owner,
      log: pino({ level: 'silent' }),
      open,
      settleMs,
      pollMs: 20,
      maxBackoffMs: 50,
    });
  const streamed = (count: number) =>
    until(
      () => streamedUpTo(opened.store.db),
      (seq) => seq === count,
    );

  test('a receiver that dies again and again, and comes back, has every entry in the end, in order', async () => {
    const { db } = opened.store;
    const siem = receiver();
    const port = await siem.listen();
    const stream = streaming((stopping) =>
      openSyslogSink({ host: '127.0.0.1', port, protocol: 'tcp' }, stopping),
    );
    for (let round = 0; round < 4; round += 1) {
      await audit(db, entries(300), new Date());
      await until(
        async () => siem.received.length,
        (count) => count > round * 300,
      );
      await siem.die();
      await audit(db, entries(100), new Date());
      await siem.listen(port);
    }
    await streamed(1_600);
    await stream.stop();
    await siem.die();

    const first = new Map<number, number>();
    for (const [index, seq] of siem.seqs().entries()) if (!first.has(seq)) first.set(seq, index);
    // Each entry came for the first time after all those before it.
    expect([...first.keys()]).toEqual(numbers(1_600));
  });

  test('a restart goes on from where the receiver is', async () => {
    const { db } = opened.store;
    const siem = receiver();
    const port = await siem.listen();
    const open = (stopping: AbortSignal) =>
      openSyslogSink({ host: '127.0.0.1', port, protocol: 'tcp' }, stopping);
    await audit(db, entries(50), new Date());
    const before = streaming(open, 'before');
    await streamed(50);
    await before.stop();

    await audit(db, entries(10), new Date());
    const after = streaming(open, 'after');
    await streamed(60);
    await after.stop();
    await siem.die();

    expect(siem.seqs()).toEqual(numbers(60));
    expect(siem.received[0]).toMatch(
      /^<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ rollcall \d+ audit - \{"seq":1,.*"hash":"[0-9a-f]{64}"\}$/s,
    );
  });

  test('of several processes one streams, and another takes over when it stops', async () => {
    const { db } = opened.store;
    const folder = temporaryFolder();
    const file = join(folder.path, 'audit.jsonl');
    const streams = ['a', 'b', 'c'].map((owner) => streaming(() => openFileSink(file), owner, 0));
    const seqs = () =>
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).seq);
    for (let round = 1; round <= 3; round += 1) {
      await audit(db, entries(20), new Date());
      await streamed(round * 20);
      await streams[round - 1]?.stop();
    }
    expect(seqs()).toEqual(numbers(60));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    folder.remove();
  });

  test('stops at once beside a receiver that takes nothing', async () => {
    const { db } = opened.store;
    const held: Socket[] = [];
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      held.push(socket.on('error', () => undefined));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (let round = 0; round < 40; round += 1) await audit(db, [big], new Date());
    const stream = streaming((stopping) =>
      openSyslogSink({ host: '127.0.0.1', port, protocol: 'tcp' }, stopping),
    );
    await until(
      () => held.length,
      (count) => count === 1,
    );
    const began = performance.now();
    await stream.stop();

    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await streamedUpTo(db)).toBe(0);
    for (const socket of held) socket.destroy();
    server.close();
  });

  test('a file that is rotated is begun anew, and half a line is left behind as one', async () => {
    const { db } = opened.store;
    const folder = temporaryFolder();
    const file = join(folder.path, 'audit.jsonl');
    writeFileSync(file, '{"seq":1,"at');
    const stream = streaming(() => openFileSink(file), 'me', 0);
    await audit(db, entries(2), new Date());
    await streamed(2);
    renameSync(file, `${file}.1`);
    await audit(db, entries(2), new Date());
    await streamed(4);
    await stream.stop();

    const [half, ...whole] = readFileSync(`${file}.1`, 'utf8').trimEnd().split('\n');
    expect(half).toBe('{"seq":1,"at');
    expect(whole.map((line) => JSON.parse(line).seq)).toEqual([1, 2]);
    const next = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(next.map((line) => JSON.parse(line).seq)).toEqual([3, 4]);
    folder.remove();
  });

  test('datagrams hold an entry each, the longest without its details', async () => {
    const { db } = opened.store;
    const socket = createSocket('udp4');
    const texts: string[] = [];
    socket.on('message', (text) => texts.push(text.toString()));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const long = {
      actor: 'worker',
      action: 'operation.done',
      details: { after: { name: 'é'.repeat(50_000) } },
    };
    await audit(db, [...entries(1), { ...long, action: 'operation.done' as const }], new Date());

    const stream = streaming((stopping) =>
      openSyslogSink({ host: '127.0.0.1', port, protocol: 'udp' }, stopping),
    );
    await until(
      async () => texts.length,
      (count) => count === 2,
    );
    await stream.stop();
    socket.close();

    expect(texts[0]).toMatch(/audit - \{"seq":1,/);
    expect(texts[1]).toMatch(/"details":\{"tooLong":true\}/);
  });
});

describe('over TLS', () => {
  test('a receiver with a certificate of the given CA is trusted, any other is not', async () => {
    const folder = temporaryFolder();
    const { caFile, certificateFile, keyFile } = makeCertificates(folder.path);
    const texts: string[] = [];
    const server = createTlsServer(
      { cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
      (socket) => socket.on('error', () => undefined).on('data', (text) => texts.push(text.toString())),
    );
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { signal } = new AbortController();
    const place = { host: '127.0.0.1', port, protocol: 'tls' } as const;

    await expect(openSyslogSink(place, signal)).rejects.toThrow(/certificate/);
    const sink = await openSyslogSink({ ...place, ca: readFileSync(caFile, 'utf8') }, signal);
    await sink.write([entry]);
    await until(
      () => texts.join(''),
      (text) => /^\d+ <109>1 .*"seq":1,/.test(text),
    );
    await sink.close();
    server.close();
    folder.remove();
  });
});

const big = {
  actor: 'worker',
  action: 'operation.done',
  details: { text: 'x'.repeat(500_000) },
} as const;

const entry = {
  seq: '1',
  at: new Date('2026-03-01T10:00:00Z'),
  actor: 'cli:anna',
  action: 'run.requested',
  run_id: null,
  operation_id: null,
  source_id: null,
  anchor: null,
  profile_id: null,
  email: null,
  reason: null,
  details: {},
  prev_hash: '',
  hash: 'abc',
};
