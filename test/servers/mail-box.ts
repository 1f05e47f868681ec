/** A mail server that keeps what it takes, with faults. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Certificates } from './certificates.ts';

export interface Mailed {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly text: string;
  readonly isSecure: boolean;
}

export interface MailBox {
  readonly port: number;
  readonly mailed: readonly Mailed[];
  /** The next messages are refused so after their text, one each. */
  refuse(...codes: readonly number[]): void;
  /** Recipients that it does not know. */
  readonly unknown: Set<string>;
  stop(): Promise<void>;
}

export interface MailBoxOptions extends Pick<SMTPServerOptions, 'secure' | 'disabledCommands'> {
  readonly certificates: Certificates;
  /** Who may send; anybody, if not given. */
  readonly user?: { readonly name: string; readonly password: string };
}

export async function startMailBox({ certificates, user, ...options }: MailBoxOptions): Promise<MailBox> {
  const mailed: Mailed[] = [];
  const refusals: number[] = [];
  const unknown = new Set<string>();
  const server = new SMTPServer({
    ...options,
    cert: readFileSync(certificates.certificateFile),
    key: readFileSync(certificates.keyFile),
    authOptional: user === undefined,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, done) {
      if (username === user?.name && password === user?.password) done(null, { user: username });
      else done(refusal(535, `Who is ${username} with ${password}?`));
    },
    onRcptTo({ address }, _session, done) {
      done(unknown.has(address) ? refusal(550, 'No such user here') : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const code = refusals.shift();
        if (code !== undefined) {
          done(refusal(code, 'Not this one'));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        mailed.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
          isSecure: session.secure,
        });
        done();
      });
    },
  });
  // A client that does not trust it ends the connection.
  server.on('error', () => undefined);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    port: (server.server.address() as AddressInfo).port,
    mailed,
    refuse: (...codes) => void refusals.push(...codes),
    unknown,
    stop: () => new Promise((done) => void server.close(() => done())),
  };
}

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });
