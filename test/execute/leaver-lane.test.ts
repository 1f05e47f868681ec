/** A leaver waits neither for a place in a worker nor behind others at the rate limit. */
import { describe, expect, test } from 'vitest';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { combinations, until } from '../e2e/stage.ts';
import { type Installation, install } from '../engine/installation.ts';

/** How long it takes from the release of a deactivation to its effect, with creations at work. */
async function timeOfLeaver(here: Installation, busy: () => boolean): Promise<number> {
  const { dispatcher } = here.engine;
  await here.sync();
  const leaver = here.person(0);
  const all = sampleDirectory({ people: 310 });
  await here.publish(all);
  await here.release();
  await dispatcher.dispatchDue();
  dispatcher.start();
  const worker = here.engine.startWorker();
  try {
    await until(busy, (isBusy) => isBusy);
    await here.publish(markLeft(all, leaver.uid));
    const run = await here.release(leaver.mail);
    const released = performance.now();
    await until(
      () => here.operations(run),
      (operations) => operations.some(({ kind, state }) => kind === 'deactivate' && state === 'done'),
    );
    return performance.now() - released;
  } finally {
    here.sandbox.clearFaults();
    await dispatcher.close();
    await worker.close(0);
  }
}

describe.each(combinations)('on %s', (combination) => {
  test('at 20 requests/s with 300 creations queued, a leaver is done in about a second', async () => {
    const api = { rateLimit: '{ max: 20, per: 1s }', concurrency: '8' };
    await using here = await install({ combination, people: 10, api });

    const took = await timeOfLeaver(here, () => here.effects().length >= 30);

    // Measured: 0.3 to 1.1 s. A second until the dispatcher looks, two or three requests, and a machine that has other things to do.
    expect(took).toBeLessThan(3_000);
    expect(here.effects().length).toBeLessThan(200);
  });
});

test('a leaver is done while every place is taken by a creation that hangs', async () => {
  await using here = await install({ people: 10, api: { concurrency: '2', timeout: '30s' } });
  let hanging = false;

  const took = await timeOfLeaver(here, () => {
    if (!hanging) here.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 20_000 } });
    hanging = true;
    return here.sandbox.requests.create >= 12;
  });

  expect(took).toBeLessThan(10_000);
});
