/** Mail, as plain text: nothing in it is a link, a picture or a mark. */
import { createTransport, type NodemailerError } from 'nodemailer';
import type { ChannelConfig } from '../../../config/index.ts';
import { compose } from '../compose.ts';
import { oneLine } from '../plain-text.ts';
import { type Channel, type Delivery, type OutgoingAlert, sendingTakesAtMostMs } from './channel.ts';
import { connectionSentence, readCa } from './tls.ts';

type MailConfig = Extract<ChannelConfig, { type: 'mail' }>;

export function mailChannel(name: string, config: MailConfig): Channel {
  const where = `${config.host}:${portOf(config)}`;
  return {
    name,
    async send(alert, signal) {
      try {
        const transport = await open(name, config);
        const { rejected } = await transport.sendMail({
          ...mailOf(alert, config),
          signal: AbortSignal.any([signal, AbortSignal.timeout(2 * sendingTakesAtMostMs)]),
        });
        if (rejected.length === 0) return { kind: 'sent' };
        return { kind: 'sent', remark: `${where} took it, but not for ${rejected.join(', ')}.` };
      } catch (error) {
        return failed(error, where);
      }
    },
    async probe() {
      try {
        await (await open(name, config)).verify();
        const as = config.user === undefined ? '' : `, and lets ${config.user} in`;
        return { ok: true, text: `The mail server ${where} answers${as}. Nothing was sent.` };
      } catch (error) {
        const failure = failed(error, where);
        return { ok: false, text: 'sentence' in failure ? failure.sentence : String(error) };
      }
    },
  };
}

const portOf = ({ port, security }: MailConfig): number => port ?? (security === 'tls' ? 465 : 587);

async function open(name: string, config: MailConfig) {
  const { host, security, user, password } = config;
  const ca = await readCa(config.ca, name);
  return createTransport({
    ...{ host, port: portOf(config), secure: security === 'tls' },
    // Not merely where it is offered: whoever sits in between would take the offer away.
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'plaintext' },
    tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    ...{ connectionTimeout: sendingTakesAtMostMs, greetingTimeout: sendingTakesAtMostMs },
    ...{ socketTimeout: sendingTakesAtMostMs, dnsTimeout: sendingTakesAtMostMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
}

export function mailOf(
  { id, madeAt, content, baseUrl }: OutgoingAlert,
  { from, to }: Pick<MailConfig, 'from' | 'to'>,
) {
  const { title, entries, more, means, commands, link } = compose(content, baseUrl);
  const lines = [
    ...entries.map(
      ({ subject, sentence, when }) => `* ${subject} (${when})${sentence === '' ? '' : `\n  ${sentence}`}`,
    ),
    ...(more === '' ? [] : [more]),
    means,
    ...(commands.length === 0 ? [] : [commands.map((command) => `    ${command}`).join('\n')]),
    ...(link === undefined ? [] : [link]),
  ];
  return {
    from: { name: 'Rollcall', address: from },
    to: [...to],
    subject: oneLine(`Rollcall: ${title}`, 150),
    text: `${lines.join('\n\n')}\n`,
    date: madeAt,
    // The same in each try, so that mail systems can see that they have it.
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    // No out-of-office notes, please (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** By code and status alone: a server's sentence may repeat what it was sent, a password too. */
function failed(error: unknown, where: string): Delivery {
  if (!(error instanceof Error)) return { kind: 'again', sentence: connectionSentence(error, where) };
  const { code, originalCode, responseCode, permanent }: NodemailerError = error;
  const answered = responseCode === undefined ? '' : ` (${responseCode})`;
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return {
        kind: 'again',
        sentence: `${where} does not let the user of the channel in${answered}. Look at user and password.`,
      };
    case 'ETLS':
      return {
        kind: 'again',
        sentence:
          originalCode === undefined
            ? `${where} offers no STARTTLS${answered}. Use security: tls where its port speaks TLS from the start.`
            : connectionSentence(error, where),
      };
    case 'EENVELOPE':
      return {
        kind: 'again',
        sentence: `${where} takes no mail from or for these addresses${answered}. Look at from and to.`,
      };
    case 'EMESSAGE':
      return {
        kind: permanent === true ? 'refused' : 'again',
        sentence: `${where} did not take the message${answered}.`,
      };
    default:
      return responseCode === undefined
        ? { kind: 'again', sentence: connectionSentence(error, where) }
        : { kind: 'again', sentence: `${where} cannot take mail now${answered}.` };
  }
}
