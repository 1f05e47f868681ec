/** The certificate of whoever receives a message, verified by public CAs or a private one. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sendingTakesAtMostMs } from './channel.ts';

/** The file of a private CA is not there, or is none. */
class CaError extends Error {
  override readonly name = 'CaError';
}

/** @throws {CaError} where the file can't be read or holds no certificate: Node would complain of the server's instead */
export async function readCa(file: string | undefined, channel: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const text = await readFile(file, 'utf8');
    new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new CaError(
      `notify.channels.${channel}.ca names ${file}, which could not be read as a certificate in PEM. Give the file with the CA's certificate.`,
      { cause },
    );
  }
}

const distrusted =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** Why a connection failed, by the code of the error alone: its message may hold more than people should read. */
export function connectionSentence(error: unknown, where: string): string {
  if (error instanceof CaError) return error.message;
  const code = codeOf(error);
  if (distrusted.test(code))
    return `The certificate of ${where} cannot be trusted (${code}). A private CA is named by the channel's ca.`;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EDNS':
      return `The name of ${where} is not known (${code}). Look at the address, and at the name server.`;
    case 'ETIMEDOUT':
      return `${where} did not answer within ${sendingTakesAtMostMs / 1_000} s.`;
    default:
      return `${where} cannot be reached (${code}).`;
  }
}

/** Where a library has put a code of its own over it, the first one tells more. */
function codeOf(error: unknown): string {
  const text = (key: string): string | undefined => {
    const value: unknown = error instanceof Error ? Reflect.get(error, key) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return text('originalCode') ?? text('code') ?? 'no further word';
}
