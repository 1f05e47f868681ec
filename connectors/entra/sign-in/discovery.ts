/** Why the library found no way to sign in: it says only that there is none, be the host away or the tenant unknown. */
import { boundedText } from '../graph/bounded-text.ts';
import type { Cloud } from './clouds.ts';

export const isDiscoveryFailure = (error: unknown): boolean =>
  error instanceof Error && /endpoints_resolution_error|openid_config_error/.test(error.message);

/** Asks for the tenant's sign-in document once more, and gives what was wrong with it as the error to go by. */
export async function discoveryFailure(
  error: unknown,
  tenantId: string,
  { login }: Cloud,
  timeoutMs: number,
): Promise<unknown> {
  try {
    const address = `${login}/${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' });
    const text = (await boundedText(answer)) ?? '';
    if (/AADSTS\d+/.test(text)) return new Error(text);
    // It answers now: the next try will tell.
    return Object.assign(new Error(`the network failed, or ${login} was in trouble`), {
      status: 503,
      cause: error,
    });
  } catch (failure) {
    return failure;
  }
}
