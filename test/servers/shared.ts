/** Asks the test run's global setup for a server that all test files share; the first to ask starts it. */
import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    sharedServers: string;
  }
}

export type SharedServer = 'postgres' | 'redis' | 'samba-domain' | 'embedded-store';

/** The shared server's URL; of the domain and the store, the folder. */
export async function sharedServer(name: SharedServer): Promise<string> {
  const answer = await fetch(new URL(name, inject('sharedServers')));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
