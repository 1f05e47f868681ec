/** A page waits so long for sources and org, and no longer: proxies give up after a minute. */
export const patienceMs = 25_000;

export const withinTime = (): AbortSignal => AbortSignal.timeout(patienceMs);
