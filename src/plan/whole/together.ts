/** Work that goes on at the same time and stands or falls together. */

/**
 * Waits until all have ended. Where one fails, the others are told to stop.
 *
 * @throws what the first one that failed threw
 */
export async function together<Results extends readonly unknown[]>(
  signal: AbortSignal,
  begin: (signal: AbortSignal) => { readonly [Index in keyof Results]: Promise<Results[Index]> },
): Promise<Results> {
  const stop = new AbortController();
  const tasks = begin(AbortSignal.any([signal, stop.signal]));
  try {
    return await Promise.all(tasks);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(tasks);
    throw error;
  }
}
