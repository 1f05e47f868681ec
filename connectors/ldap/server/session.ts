/** From a source's settings to a connection that is encrypted and signed in. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LdapSourceConfig } from '../../../config/schema.ts';
import { LdapConnection } from '../wire/connection.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import { DirectoryError } from './directory-error.ts';
import { bindError, connectionError } from './failures.ts';

/**
 * Connects, encrypted as the settings say, and signs in.
 *
 * @throws {SourceError} of kind unreachable, certificate, credentials, file or protocol; or the signal's reason.
 */
export async function openSession(config: LdapSourceConfig, signal: AbortSignal): Promise<LdapConnection> {
  const connection = await connectTo(config, signal);
  await signIn(connection, config);
  return connection;
}

/** Connects and encrypts. Settings that would show a password on the wire are refused before anything is sent. */
export async function connectTo(config: LdapSourceConfig, signal: AbortSignal): Promise<LdapConnection> {
  refuseUnsafeSignIn(config);
  const url = new URL(config.url);
  const isTlsPort = url.protocol === 'ldaps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const port = url.port === '' ? (isTlsPort ? 636 : 389) : Number(url.port);
  const serverName = config.tls.serverName ?? host;
  const ca = isTlsPort || config.tls.startTls ? await readCa(config) : undefined;

  let connection: LdapConnection | undefined;
  try {
    connection = await LdapConnection.open({ host, port }, config.timeout, signal);
    if (!isTlsPort && config.tls.startTls) {
      const answer = await connection.requestStartTls();
      if (answer.code !== resultCode.success) {
        throw new DirectoryError(
          'protocol',
          `${config.url} refuses StartTLS: ${describeResult(answer)}`,
          'Set it up on the server, or use ldaps://.',
        );
      }
    }
    if (isTlsPort || config.tls.startTls) {
      await connection.secure({ serverName, ca, verify: !config.tls.insecureSkipVerify });
    }
    return connection;
  } catch (error) {
    connection?.destroy();
    throw connectionError(error, config.url, serverName);
  }
}

/** Signs in; closes the connection if that fails. */
export async function signIn(connection: LdapConnection, config: LdapSourceConfig): Promise<void> {
  try {
    const answer = await connection.bind(config.bindDn, config.password);
    if (answer.code !== resultCode.success) throw bindError(answer, config.bindDn, config.url);
  } catch (error) {
    connection.destroy();
    throw connectionError(error, config.url, config.url);
  }
}

function refuseUnsafeSignIn(config: LdapSourceConfig): void {
  const { bindDn, password, tls, url } = config;
  const { username, password: urlPassword } = new URL(url);
  if (username !== '' || urlPassword !== '') {
    throw new DirectoryError(
      'credentials',
      `The url of the source ${config.id} has a name or password in it, and a url is shown in messages`,
      'Put them into bindDn and password.',
    );
  }
  if (bindDn !== '' && password === '') {
    throw new DirectoryError(
      'credentials',
      `The source ${config.id} has a bindDn and no password. Many servers take that for an anonymous sign-in and then hide people (RFC 4513 section 5.1.2)`,
      'Give the password, or leave bindDn out.',
    );
  }
  if (bindDn === '' && password !== '') {
    throw new DirectoryError(
      'credentials',
      `The source ${config.id} has a password and no bindDn`,
      'Give the bindDn that it belongs to.',
    );
  }
  if (bindDn !== '' && url.startsWith('ldap:') && !tls.startTls && !tls.allowPlaintext) {
    throw new DirectoryError(
      'credentials',
      `The source ${config.id} would send its password readable over the network to ${url}`,
      'Use ldaps://, or set tls.startTls; where that is impossible, tls.allowPlaintext permits it.',
    );
  }
}

async function readCa(config: LdapSourceConfig): Promise<string | undefined> {
  const file = config.tls.ca;
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new DirectoryError(
      'file',
      `The CA certificate of the source ${config.id} can't be read from ${file}: ${error instanceof Error ? error.message : String(error)}`,
      'Check tls.ca.',
      { cause: error },
    );
  }
  try {
    new X509Certificate(text);
  } catch (error) {
    throw new DirectoryError(
      'file',
      `The file ${file} holds no readable certificate in PEM form`,
      "tls.ca must name the CA's certificate, which starts with -----BEGIN CERTIFICATE-----.",
      { cause: error },
    );
  }
  return text;
}
