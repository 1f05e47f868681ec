/** The credential that a source's settings ask for, by Microsoft's own library. The only file that knows it. */
import { readFile } from 'node:fs/promises';
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { EntraSourceConfig } from '../../../config/schema.ts';
import { EntraError } from '../entra-error.ts';
import { readCertificate } from './certificate.ts';
import type { Cloud } from './clouds.ts';

export {
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from '@azure/identity';

/**
 * @throws {EntraError} `file`, when a certificate or token can't be read; `credentials`, when a setting is missing
 */
export async function createCredential(config: EntraSourceConfig, cloud: Cloud): Promise<TokenCredential> {
  const { tenantId, auth } = config;
  const options = {
    authorityHost: cloud.login,
    disableInstanceDiscovery: !cloud.isKnown,
    // Tried again by tokens.ts, within a limit of time.
    retryOptions: { maxRetries: 0 },
  };
  switch (auth.kind) {
    case 'secret':
      return new ClientSecretCredential(tenantId, neededClientId(config), auth.secret, options);
    case 'certificate': {
      const { pem } = await readCertificate(auth.file);
      const certificate = {
        certificate: pem,
        ...(auth.passphrase === undefined ? {} : { certificatePassword: auth.passphrase }),
      };
      return new ClientCertificateCredential(tenantId, neededClientId(config), certificate, options);
    }
    case 'managed-identity':
      return new ManagedIdentityCredential({
        ...(config.clientId === undefined ? {} : { clientId: config.clientId }),
        retryOptions: options.retryOptions,
      });
    case 'workload-identity': {
      const clientId = neededClientId(config);
      const tokenFilePath = await readableTokenFile(config.id, auth.tokenFile);
      return new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath, ...options });
    }
    default:
      return auth satisfies never;
  }
}

function neededClientId({ id, clientId }: EntraSourceConfig): string {
  if (clientId !== undefined) return clientId;
  throw new EntraError(
    'credentials',
    `The source ${id} has no clientId, so nobody can say which application signs in`,
    'Give the application (client) id as clientId; only a managed identity may do without.',
  );
}

async function readableTokenFile(source: string, configured: string | undefined): Promise<string> {
  const file = configured ?? process.env.AZURE_FEDERATED_TOKEN_FILE;
  if (file === undefined || file === '')
    throw new EntraError(
      'file',
      `The source ${source} signs in by workload identity, and no token file is named`,
      'Set auth.workloadIdentity.tokenFile; in Azure Kubernetes, label the pod azure.workload.identity/use, which sets AZURE_FEDERATED_TOKEN_FILE.',
    );
  try {
    await readFile(file);
    return file;
  } catch (error) {
    throw new EntraError(
      'file',
      `The federated token of the source ${source} can't be read from ${file}: ${error instanceof Error ? error.message : String(error)}`,
      'Check auth.workloadIdentity.tokenFile, and that the token is mounted.',
      { cause: error },
    );
  }
}
