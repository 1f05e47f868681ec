/** The queue can't be used. The message is one or two sentences: what failed, where, and the mend. It carries no password. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}
