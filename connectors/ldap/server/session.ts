/** From a source's settings to a connection that is encrypted and signed in. */
import type { LdapSourceConfig } from '../../../config/schema.ts';
import { ConnectionError, LdapConnection } from '../wire/connection.ts';
import { describeResult, resultCode } from '../wire/result-codes.ts';
import { DirectoryError } from './directory-error.ts';
import { bindError, connectionError } from './failures.ts';
import { readTlsFiles } from './tls-files.ts';

/** What of a source's settings it takes to be connected and signed in. */
type ConnectionSettings = Pick<
  LdapSourceConfig,
  'id' | 'url' | 'bindDn' | 'password' | 'saslMechanism' | 'tls' | 'timeout' | 'connectTimeout'
>;

/**
 * Connects, encrypted as the settings say, and signs in.
 *
 * @throws {SourceError} of kind unreachable, certificate, credentials, file or protocol; or the signal's reason.
 */
export async function openSession(config: ConnectionSettings, signal: AbortSignal): Promise<LdapConnection> {
  const connection = await connectTo(config, signal);
  await signIn(connection, config);
  return connection;
}

/** Connects and encrypts. Settings that would show a password on the wire are refused before anything is sent. */
export async function connectTo(config: ConnectionSettings, signal: AbortSignal): Promise<LdapConnection> {
  refuseUnsafeSignIn(config);
  const url = new URL(config.url);
  const isTlsPort = url.protocol === 'ldaps:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const port = url.port === '' ? (isTlsPort ? 636 : 389) : Number(url.port);
  const serverName = config.tls.serverName ?? host;
  const files = usesTls(config) ? await readTlsFiles(config) : undefined;

  let connection: LdapConnection | undefined;
  try {
    connection = await LdapConnection.open(
      { host, port },
      { connectMs: Math.min(config.connectTimeout, config.timeout), answerMs: config.timeout },
      signal,
    );
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
    if (files !== undefined) {
      await connection.secure({ ...files, serverName, verify: !config.tls.insecureSkipVerify });
    }
    return connection;
  } catch (error) {
    connection?.destroy();
    throw connectionError(error, config.url, serverName);
  }
}

/** Signs in; closes the connection if that fails. */
export async function signIn(connection: LdapConnection, config: ConnectionSettings): Promise<void> {
  try {
    const answer = usesClientCertificate(config)
      ? await connection.bindExternal()
      : await connection.bind(config.bindDn, config.password);
    if (answer.code !== resultCode.success) throw bindError(answer, whoSignsIn(config), config.url);
  } catch (error) {
    connection.destroy();
    if (usesTls(config) && isHangUp(error)) {
      // With TLS 1.3 a server looks at the client's certificate when the handshake is done for the client.
      throw new DirectoryError(
        'unreachable',
        `${config.url} ended the connection when it was to be signed in ${whoSignsIn(config)}`,
        'Servers that want a client certificate, or another one, do so: check tls.cert and tls.key, and what the server logged.',
        { cause: error },
      );
    }
    throw connectionError(error, config.url, config.url);
  }
}

function isHangUp(error: unknown): boolean {
  return error instanceof ConnectionError && error.failure === 'closed';
}

function usesTls({ url, tls }: ConnectionSettings): boolean {
  return url.startsWith('ldaps:') || tls.startTls;
}

function usesClientCertificate({ saslMechanism }: ConnectionSettings): boolean {
  return saslMechanism === 'EXTERNAL';
}

/** As whom the settings sign in, for messages. */
export function whoSignsIn(config: ConnectionSettings): string {
  if (usesClientCertificate(config)) return `as the name in the client certificate ${config.tls.cert ?? ''}`;
  return config.bindDn === '' ? 'anonymously' : `as ${config.bindDn}`;
}

function refuseUnsafeSignIn(config: ConnectionSettings): void {
  const { bindDn, password, tls, url } = config;
  const { username, password: urlPassword } = new URL(url);
  if (username !== '' || urlPassword !== '') {
    throw new DirectoryError(
      'credentials',
      `The url of the source ${config.id} has a name or password in it, and a url is shown in messages`,
      'Put them into bindDn and password.',
    );
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw new DirectoryError(
      'credentials',
      `The source ${config.id} has a client ${tls.cert === undefined ? 'key and no certificate' : 'certificate and no key'}`,
      'Give both, as tls.cert and tls.key.',
    );
  }
  if (usesClientCertificate(config) && (tls.cert === undefined || !usesTls(config))) {
    throw new DirectoryError(
      'credentials',
      `The source ${config.id} would sign in with SASL EXTERNAL to ${url} and show no certificate`,
      'Give tls.cert and tls.key, and use ldaps:// or tls.startTls.',
    );
  }
  if (usesClientCertificate(config) && bindDn + password !== '') {
    throw new DirectoryError(
      'credentials',
      `The source ${config.id} has both saslMechanism: EXTERNAL and a bindDn or password`,
      'The client certificate alone says who signs in: leave bindDn and password out.',
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
  if (bindDn !== '' && !usesTls(config) && !tls.allowPlaintext) {
    throw new DirectoryError(
      'credentials',
      `The source ${config.id} would send its password readable over the network to ${url}`,
      'Use ldaps://, or set tls.startTls; where that is impossible, tls.allowPlaintext permits it.',
    );
  }
}
