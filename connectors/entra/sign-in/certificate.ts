/** The certificate that an application signs in with. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EntraError } from '../entra-error.ts';

export interface SignInCertificate {
  readonly pem: string;
  readonly validTo: Date;
}

/**
 * @throws {EntraError} `file`, when it can't be read or lacks the certificate or its key; `credentials`, when it ended
 */
export async function readCertificate(file: string): Promise<SignInCertificate> {
  const pem = await readPem(file);
  const [block = ''] = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem) ?? [];
  const hasKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem);
  if (block === '' || !hasKey) throw incomplete(file, block === '' ? 'certificate' : 'private key');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(block);
  } catch (error) {
    throw incomplete(file, 'certificate', { cause: error });
  }
  const validTo = certificate.validToDate;
  if (validTo.getTime() < Date.now())
    throw new EntraError(
      'credentials',
      `The certificate in ${file} ended on ${validTo.toISOString()}`,
      'Make a new one, and upload it to the application (App registrations, Certificates & secrets) before the switch.',
    );
  return { pem, validTo };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new EntraError(
      'file',
      `The certificate to sign in with can't be read from ${file}: ${error instanceof Error ? error.message : String(error)}`,
      'Check auth.certificate.file.',
      { cause: error },
    );
  }
}

const incomplete = (file: string, lacks: string, options?: ErrorOptions): EntraError =>
  new EntraError(
    'file',
    `The file ${file} holds no readable ${lacks} in PEM form`,
    'auth.certificate.file must hold both the certificate and its private key, one after the other.',
    options,
  );
