/** Standard Webhooks: who sent it, and that it is fresh. */
import { Webhook } from 'standardwebhooks';

/** By which headers a delivery is signed: https://www.standardwebhooks.com. */
const needed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

export type Signature =
  | { readonly kind: 'good'; readonly id: string }
  | { readonly kind: 'bad'; readonly sentence: string };

/** A request's headers, by their names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether one of the secrets signed exactly this body, within five minutes of now by this machine's clock.
 *
 * @param secrets - several while a sender changes over from one to the next
 */
export function verifySignature(body: string, headers: Headers, secrets: readonly string[]): Signature {
  const given = Object.fromEntries(needed.map((name) => [name, headers[name]]));
  const missing = needed.filter((name) => typeof given[name] !== 'string' || given[name] === '');
  if (missing.length > 0) return bad(`It has no ${missing.join(', no ')} (Standard Webhooks).`);
  const signed = Object.fromEntries(needed.map((name) => [name, String(given[name])]));
  const problems = secrets.map((secret) => problemWith(body, signed, secret));
  if (problems.includes(undefined)) return { kind: 'good', id: String(given['webhook-id']) };
  const isTimely = !problems.some((problem) => problem?.includes('timestamp') === true);
  return bad(
    isTimely
      ? 'Its signature is not by one of the secrets in webhooks.offboarding.secrets, or the body was changed on the way.'
      : 'Its webhook-timestamp is more than five minutes away from now: look at the clocks, and sign each try anew.',
  );
}

function problemWith(body: string, headers: Record<string, string>, secret: string): string | undefined {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const bad = (sentence: string): Signature => ({ kind: 'bad', sentence });
