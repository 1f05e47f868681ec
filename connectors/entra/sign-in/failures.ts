/** Why signing in failed, by Microsoft's AADSTS codes, as the sentence that tells an operator what to do. */
import type { EntraSourceConfig } from '../../../config/schema.ts';
import type { SourceErrorKind } from '../../source-error.ts';
import { EntraError } from '../entra-error.ts';
import type { Cloud } from './clouds.ts';
import {
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
} from './credential.ts';

interface Cause {
  readonly meaning: string;
  readonly mend: string;
  readonly kind?: SourceErrorKind;
}

const wrongTenant: Cause = {
  meaning: 'there is no such tenant in this cloud',
  mend: 'Check tenantId (Entra admin center, Overview), and cloud: each national cloud has tenants of its own.',
};

const causes: Readonly<Record<string, Cause>> = {
  '90002': wrongTenant,
  '900023': wrongTenant,
  '700016': {
    meaning: 'the tenant has no application with this client id',
    mend: 'Check clientId and tenantId; an application of another tenant must be consented to in this one first.',
  },
  '7000215': {
    meaning: 'the client secret is wrong',
    mend: "Give the secret's value, not its id; it is shown once only, when it is made.",
  },
  '7000222': {
    meaning: 'the client secret has expired',
    mend: 'Make a new one (App registrations, Certificates & secrets), and put a reminder before its end.',
  },
  '7000112': {
    meaning: 'the application is disabled in the tenant',
    mend: 'Let an administrator enable it (Enterprise applications, Properties, Enabled for users to sign-in).',
  },
  '700027': {
    meaning: 'the certificate is not one of the application',
    mend: 'Upload its public part (App registrations, Certificates & secrets, Certificates).',
  },
  '700024': {
    meaning: "the proof is outside of its time: this machine's clock is wrong",
    mend: 'Set the clock, and keep it right by NTP.',
  },
  '700213': {
    meaning: 'no federated credential of the application fits the token',
    mend: "Compare subject, issuer and audience of the application's federated credential with the token's.",
  },
  '700211': {
    meaning: "the application trusts no issuer like the token's",
    mend: "Compare the issuer of the application's federated credential with the token's.",
  },
  '53003': {
    meaning: 'a conditional access policy blocks the application',
    mend: "Let an administrator look into the sign-in log for the policy, and allow the application from this machine's address.",
    kind: 'permission',
  },
  '65001': {
    meaning: 'no administrator has consented to what the application asks for',
    mend: 'Let an administrator grant consent for User.Read.All (application permission), and for what docs/connectors/entra.md lists beside it.',
    kind: 'permission',
  },
  '500011': {
    meaning: 'the tenant does not know Microsoft Graph at this address',
    mend: 'Check cloud: the tenant is in another one.',
  },
  '900382': {
    meaning: 'the tenant is in another cloud',
    mend: 'Set cloud to the one that the tenant is in.',
  },
  '7000218': {
    meaning: 'the application is a public client, which has no secret',
    mend: 'Switch off "Allow public client flows", or make a secret or certificate.',
  },
};

/** The error for a failed sign-in; an abort or a fault of ours is handed back as it is. */
export function signInError(error: unknown, config: EntraSourceConfig, cloud: Cloud): unknown {
  const who = `${nameOf(config)} to ${cloud.login}`;
  const text = messageOf(error);
  if (/AADSTS\d+/.test(text)) return refused(text, who);
  if (error instanceof CredentialUnavailableError)
    return new EntraError(
      'credentials',
      `Signing in ${who} is not possible here: ${firstLine(text)}`,
      config.auth.kind === 'managed-identity'
        ? 'A managed identity exists on machines of Azure alone: assign one to this machine, or use a certificate.'
        : 'Check the auth section of the source.',
      { cause: error },
    );
  if (error instanceof AuthenticationError || error instanceof AuthenticationRequiredError)
    return new EntraError(
      'credentials',
      `Signing in ${who} failed: ${firstLine(text)}`,
      'Check the auth section of the source, and the sign-in log of the tenant.',
      { cause: error },
    );
  return error;
}

/** Nothing answered in time, or the network failed, or the server itself is in trouble: worth another try. */
export function isPassing(error: unknown): boolean {
  if (error instanceof EntraError) return false;
  const status = statusOf(error);
  if (status !== undefined) return status >= 500 || status === 429;
  return /network|fetch failed|socket|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|certificate|SELF_SIGNED|UNABLE_TO_/i.test(
    allMessages(error),
  );
}

export function unreachable(error: unknown, cloud: Cloud): EntraError {
  const isCertificate = /certificate|CERT_|SELF_SIGNED|UNABLE_TO_/i.test(allMessages(error));
  return new EntraError(
    isCertificate ? 'certificate' : 'unreachable',
    `No connection to ${cloud.login} to sign in: ${firstLine(messageOf(error))}`,
    isCertificate
      ? 'Something on the way shows a certificate of its own: give its CA to Node by NODE_EXTRA_CA_CERTS.'
      : 'Check the network, and the proxy (HTTPS_PROXY with NODE_USE_ENV_PROXY=1) where there is one.',
    { cause: error },
  );
}

/** Microsoft's library tells all in one text: code, sentence, ids. */
function refused(text: string, who: string): EntraError {
  const [, code = '', description = ''] = /AADSTS(\d+):\s*([\s\S]*)/.exec(text) ?? [];
  const [, correlation] = /Correlation ID: ([0-9a-f-]{36})/i.exec(text) ?? [];
  const sentence = sentenceOf(description);
  const cause = causes[code];
  const date = code === '7000222' ? dateIn(sentence) : undefined;
  const meaning =
    cause === undefined ? sentence : `${cause.meaning}${date === undefined ? '' : ` on ${date}`}`;
  const reference = correlation === undefined ? '' : ` (correlation id ${correlation})`;
  return new EntraError(
    cause?.kind ?? 'credentials',
    `Signing in ${who} failed: ${meaning}, AADSTS${code}${reference}`,
    cause?.mend ??
      `Look AADSTS${code} up at https://login.microsoftonline.com/error, and in the sign-in log of the tenant.`,
    { cause: new Error(sentence) },
  );
}

/** Microsoft's own words, without the ids and times that follow them. */
function sentenceOf(description: string): string {
  return firstLine(description.replace(/\s*Trace ID:[\s\S]*$/, '')).replace(/\.$/, '');
}

const dateIn = (text: string): string | undefined =>
  /\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4}/.exec(text)?.[0];

function nameOf({ clientId, tenantId }: EntraSourceConfig): string {
  return clientId === undefined
    ? `as the machine's identity in ${tenantId}`
    : `as ${clientId} in ${tenantId}`;
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300).trim() ?? '';
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** With those of its causes, where the network's own words are. */
function allMessages(error: unknown): string {
  const texts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause)
    texts.push(at.message, 'code' in at ? String(at.code) : '');
  return texts.join(' ');
}

/** The HTTP status that the library's error has, or its cause. */
function statusOf(error: unknown): number | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const status: unknown = 'status' in at ? at.status : 'statusCode' in at ? at.statusCode : undefined;
    if (typeof status === 'number' && status > 0) return status;
  }
  return undefined;
}
