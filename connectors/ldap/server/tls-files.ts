/** The certificates and keys that a source's settings name, read and looked at before anything is connected. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LdapSourceConfig } from '../../../config/schema.ts';
import { DirectoryError } from './directory-error.ts';

export interface TlsFiles {
  /** PEM of the CAs to trust in place of the public ones. */
  readonly ca: string | undefined;
  /** The certificate that the server is shown, with its key. */
  readonly client:
    | { readonly cert: string; readonly key: string; readonly passphrase: string | undefined }
    | undefined;
}

/** @throws {DirectoryError} of kind file. */
export async function readTlsFiles({ id, tls }: Pick<LdapSourceConfig, 'id' | 'tls'>): Promise<TlsFiles> {
  const ca = tls.ca === undefined ? undefined : await readPem(id, 'CA certificate', 'tls.ca', tls.ca);
  if (ca !== undefined && tls.ca !== undefined)
    mustBeCertificate(ca, tls.ca, "tls.ca must name the CA's certificate");
  if (tls.cert === undefined || tls.key === undefined) return { ca, client: undefined };

  const cert = await readPem(id, 'client certificate', 'tls.cert', tls.cert);
  const key = await readPem(id, 'client key', 'tls.key', tls.key);
  const certificate = mustBeCertificate(cert, tls.cert, 'tls.cert must name the client certificate');
  const { keyPassphrase: passphrase } = tls;
  const privateKey = readKey(key, passphrase, tls.key);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new DirectoryError(
      'file',
      `The key in ${tls.key} does not belong to the certificate in ${tls.cert}`,
      'Name the two files that were made together, as tls.key and tls.cert.',
    );
  }
  return { ca, client: { cert, key, passphrase } };
}

async function readPem(id: string, what: string, setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DirectoryError(
      'file',
      `The ${what} of the source ${id} can't be read from ${file}: ${error instanceof Error ? error.message : String(error)}`,
      `Check ${setting}.`,
      { cause: error },
    );
  }
}

function mustBeCertificate(text: string, file: string, mend: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new DirectoryError(
      'file',
      `The file ${file} holds no readable certificate in PEM form`,
      `${mend}, which starts with -----BEGIN CERTIFICATE-----.`,
      { cause: error },
    );
  }
}

function readKey(key: string, passphrase: string | undefined, file: string) {
  try {
    return createPrivateKey({ key, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    throw new DirectoryError(
      'file',
      `The file ${file} holds no private key that can be read${passphrase === undefined ? '' : ' with tls.keyPassphrase'}`,
      passphrase === undefined
        ? 'tls.key must name the private key in PEM form; if it is encrypted, give tls.keyPassphrase.'
        : 'Check tls.key and tls.keyPassphrase.',
      { cause: error },
    );
  }
}
