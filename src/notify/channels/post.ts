/** Posts a message to an address that is a secret. Nothing that it says holds more of the address than its host. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import got, { type Request } from 'got';
import { readRetryAfter } from '../../profile-api/retry-after.ts';
import { type Delivery, type Probed, sendingTakesAtMostMs } from './channel.ts';
import { connectionSentence, readCa } from './tls.ts';

export interface PostAddress {
  readonly channel: string;
  readonly webhookUrl: string;
  /** File of a private CA. */
  readonly ca: string | undefined;
}

/** Of an answer so much is read. */
const answerAtMostBytes = 4_096;

/** @param headers - besides the content type, which is JSON */
export async function post(
  address: PostAddress,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Delivery> {
  const { host } = new URL(address.webhookUrl);
  try {
    const certificateAuthority = await readCa(address.ca, address.channel);
    const request = got.stream.post(address.webhookUrl, {
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'Rollcall', ...headers },
      timeout: { request: sendingTakesAtMostMs },
      https: {
        rejectUnauthorized: true,
        ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
      },
      // Tries are counted in the store.
      retry: { limit: 0 },
      // It could lead to another host, and would take the message along.
      followRedirect: false,
      throwHttpErrors: false,
      signal,
    });
    const said = await beginningOf(request);
    const { response } = request;
    if (response === undefined) return { kind: 'again', sentence: `${host} gave no answer.` };
    const { 'retry-after': retryAfter, date } = response.headers;
    return judge(host, response.statusCode, said, readRetryAfter(retryAfter, date, Date.now()));
  } catch (error) {
    // The library's error carries the address.
    return { kind: 'again', sentence: connectionSentence(error, host) };
  }
}

async function beginningOf(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    // Leaving the loop ends the connection.
    if (length > answerAtMostBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function judge(host: string, status: number, said: string, afterMs: number | undefined): Delivery {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const sentence = `${host} answered ${status}${reasonIn(said)}.`;
  if (status === 400 || status === 413 || status === 422) return { kind: 'refused', sentence };
  if (status >= 300 && status < 400)
    return {
      kind: 'again',
      sentence: `${sentence} That is a redirect, which is not followed. Give the address to which it leads.`,
    };
  return {
    kind: 'again',
    sentence: [401, 403, 404, 410].includes(status)
      ? `${sentence} The address is not valid any more: make a new one there, and give it as webhookUrl.`
      : sentence,
    afterMs,
  };
}

/** One word such as Slack's `no_service`. Anything longer may repeat the address, which is a secret. */
const reasonIn = (said: string): string =>
  /^[a-z]{2,20}(_[a-z]{2,20}){1,4}$/.test(said.trim()) ? ` (${said.trim()})` : '';

/** Connects, and looks at the certificate; nothing is sent. */
export async function probeAddress(address: PostAddress, signal: AbortSignal): Promise<Probed> {
  const { protocol, hostname, port, host } = new URL(address.webhookUrl);
  const bare = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'https:';
  try {
    const ca = await readCa(address.ca, address.channel);
    const socket = isTls
      ? connectTls({
          ...{ host: bare, port: Number(port || 443) },
          ...(ca === undefined ? {} : { ca }),
          ...(/^[\d.]+$|:/.test(bare) ? {} : { servername: bare }),
        })
      : connectTcp({ host: bare, port: Number(port || 80) });
    await opened(socket, isTls ? 'secureConnect' : 'connect', signal);
    return {
      ok: true,
      text: `${host} answers${isTls ? ', and its certificate is good' : ''}. Nothing was sent.`,
    };
  } catch (error) {
    return { ok: false, text: connectionSentence(error, host) };
  }
}

async function opened(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(sendingTakesAtMostMs)]);
  try {
    await new Promise<void>((done, fail) => {
      socket.once(event, () => done());
      socket.once('error', fail);
      ended.addEventListener('abort', () =>
        fail(Object.assign(new Error('Too slow.'), { code: 'ETIMEDOUT' })),
      );
    });
  } finally {
    socket.destroy();
  }
}
