/** Tells people by webhooks and mail when something is wrong, and when it is over. */

export type { LookMeans } from './look.ts';
export { createNotifier, type Notifier } from './notifier.ts';
export { probeChannels, sendTests, type Tried } from './try-out.ts';
