import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ProfileApiConfig } from '../../config/schema.ts';
import { ProfileApiError } from './answer.ts';

/** How the server's certificate is verified, in got's words. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly certificateAuthority?: string;
}

/**
 * Reads the private CA where one is configured. It replaces the public ones.
 * @throws {ProfileApiError} `certificate`, when the file cannot be read or holds no certificate: Node would ignore it
 *   and complain of the server's certificate instead
 */
export function readTlsOptions(config: Pick<ProfileApiConfig, 'ca' | 'insecureSkipTlsVerify'>): TlsOptions {
  const rejectUnauthorized = !config.insecureSkipTlsVerify;
  if (config.ca === undefined) return { rejectUnauthorized };
  try {
    const certificateAuthority = readFileSync(config.ca, 'utf8');
    new X509Certificate(certificateAuthority);
    return { rejectUnauthorized, certificateAuthority };
  } catch (error) {
    throw new ProfileApiError(
      {
        answer: {
          kind: 'retry-later',
          reason: 'certificate',
          status: undefined,
          sentence: undefined,
          retryAfterMs: undefined,
        },
        message: `profileApi.ca names ${config.ca}, which could not be read as a certificate in PEM. Give the file with the CA's certificate.`,
      },
      { cause: error },
    );
  }
}
