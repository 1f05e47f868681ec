/** Promise 6: a deactivation comes before all other work, but what is in flight. */
import { describe, expect, test } from 'vitest';
import { markLeft } from '../../src/cli/demo/changes.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { combinations, until } from '../e2e/stage.ts';
import { install } from '../engine/installation.ts';
import { sayLeft, standing } from '../offboarding/office.ts';

const concurrency = 4;

describe.each(combinations)('on %s', (combination) => {
  test('a leaver overtakes 300 joiners whom a slow API keeps waiting', async () => {
    await using here = await install({ combination, people: 10, api: { concurrency: String(concurrency) } });
    await here.sync();
    const leaver = here.person(0);
    const all = sampleDirectory({ people: 310 });
    await here.publish(all);
    const joiners = await here.release();
    here.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 250 } });
    const { dispatcher } = here.engine;
    await dispatcher.dispatchDue();
    dispatcher.start();
    const worker = here.engine.startWorker();
    try {
      await until(
        () => here.effects().length,
        (count) => count >= 10 + 2 * concurrency,
      );

      await here.publish(markLeft(all, leaver.uid));
      await here.release();
      const released = here.effects().length;
      await until(
        () => here.effects(),
        (effects) => effects.includes(`deactivated ${leaver.mail}`),
        15_000,
      );

      const since = here.effects().slice(released);
      const place = since.indexOf(`deactivated ${leaver.mail}`);
      // A second for the dispatcher to look, and what is in flight: not the 200 and more that wait.
      expect(place).toBeLessThan(8 * concurrency);
      expect(here.effects().length).toBeLessThan(150);
      const states = (await here.operations(joiners)).map(({ state }) => state);
      expect(states.filter((state) => state === 'queued').length).toBeGreaterThan(150);
    } finally {
      await dispatcher.close();
      here.sandbox.clearFaults();
      await worker.close(5_000);
    }
  });
});

// A first load makes the org's list grow from page to page for hours; who leaves meanwhile can't wait for its end.
test('a leaver is deactivated even while joiners keep the list of the org from settling', async () => {
  await using here = await install({ people: 40, api: { concurrency: '4', pageSize: '20' } });
  await here.sync();
  const leaver = here.person(0);
  const all = sampleDirectory({ people: 400 });
  await here.publish(all);
  await here.release();
  here.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 100 } });
  here.sandbox.fault({ operation: 'create', effect: { kind: 'delay', ms: 60 } });
  const { dispatcher } = here.engine;
  await dispatcher.dispatchDue();
  dispatcher.start();
  const worker = here.engine.startWorker();
  try {
    await until(
      () => here.effects().length,
      (count) => count >= 45,
    );

    await here.publish(markLeft(all, leaver.uid));
    const run = await here.release();

    expect(here.effects().length).toBeLessThan(350);
    expect((await here.operations(run)).map(({ kind }) => kind)).toContain('deactivate');
  } finally {
    await dispatcher.close();
    here.sandbox.clearFaults();
    await worker.close(5_000);
  }
});

test.each([
  ['HR’s word', 'hr-event'],
  ['an operator’s word', 'operator'],
] as const)('by %s somebody is out and verified within what is in flight, with 300 joiners queued', async (_, cause) => {
  await using here = await install({ people: 10, api: { rateLimit: '{ max: 50, per: 1s }' } });
  await here.sync();
  const { mail } = here.person(0);
  await here.publish(sampleDirectory({ people: 310 }));
  await here.release();
  const { dispatcher } = here.engine;
  await dispatcher.dispatchDue();
  const worker = here.engine.startWorker();
  try {
    await until(
      () => here.effects().length,
      (count) => count >= 20,
    );
    const before = here.effects().length;

    // No dispatcher looks meanwhile: the word itself puts it into the queue.
    await sayLeft(here, mail, { cause });
    const [departure] = await until(
      () => standing(here),
      ([one]) => one?.verifiedAt !== undefined,
      15_000,
    );

    expect(departure?.deactivatedAt).toBeInstanceOf(Date);
    expect(here.effects().length - before).toBeLessThan(150);
  } finally {
    await worker.close(5_000);
    await dispatcher.close();
  }
});
