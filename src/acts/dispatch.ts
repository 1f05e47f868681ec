import type { Engine } from '../engine/index.ts';

/** Puts what was released into the queue at once. Where that fails, the next look of a service does it. */
export async function dispatchSoon({ dispatcher, log }: Engine): Promise<void> {
  await dispatcher
    .dispatchDue()
    .catch((error: unknown) =>
      log.error(
        { event: 'dispatch.failed', err: error },
        'What was released could not be put into the queue at once; the next look does it.',
      ),
    );
}
