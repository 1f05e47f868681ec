/** Alerts, from a service that runs to a receiver outside: as an operator has them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toLdif } from '../../src/cli/demo/ldif.ts';
import { sampleDirectory } from '../../src/cli/demo/sample-directory.ts';
import { freePort } from '../servers/free-port.ts';
import { secretPath, startPostBox } from '../servers/post-box.ts';
import { type Combination, setStage, until } from './stage.ts';

const sources = `  - { id: people, type: ldif, file: people.ldif }`;
const good = toLdif(sampleDirectory({ people: 3 }));

test.each<Combination>([
  'embedded',
  'PostgreSQL and Redis',
])('a run that fails leads to one message, and the next good one to a last one (%s)', async (combination) => {
  const box = await startPostBox();
  await using stage = await setStage({
    combination,
    sources,
    more: `notify: { groupFor: 500ms, channels: { ops: { type: slack, webhookUrl: "${box.url}" } } }`,
  });
  const publish = (ldif: string) => writeFile(join(stage.folder, 'people.ldif'), ldif);
  const titles = () => box.posted.map(({ body }) => JSON.parse(body).text.split('\n')[0]);
  await publish(good);
  const services = [stage.startService()];
  await services[0]?.untilEvent('service.started');
  if (combination !== 'embedded') {
    services.push(stage.startService('scheduler'));
    await services[1]?.untilEvent('service.started');
  }

  await publish('this is no LDIF');
  for (let time = 0; time < 2; time += 1) await stage.rollcall('resync', '--wait');
  await until(titles, ({ length }) => length === 1);
  await publish(good);
  const mended = await stage.rollcall('resync', '--wait');
  await until(titles, ({ length }) => length === 2);
  // What would come twice comes within this time.
  await new Promise((done) => setTimeout(done, 3_000));
  await box.stop();

  expect(mended.code, mended.stderr).toBe(0);
  expect(titles()).toEqual(['Rollcall: A run failed', 'Rollcall: Resolved: a source is read again']);
  const log = services.flatMap((service) => service.log).join('\n');
  expect(log).toContain('alert.sent');
  expect(log).not.toContain(secretPath);
});

test('receivers that are down delay no run', async () => {
  await using stage = await setStage({
    combination: 'PostgreSQL',
    sources,
    more: `notify: { groupFor: 0s, channels: { ops: { type: slack, webhookUrl: "http://127.0.0.1:${await freePort()}${secretPath}" } } }`,
  });
  await writeFile(join(stage.folder, 'people.ldif'), 'this is no LDIF');
  const service = stage.startService();
  await service.untilEvent('service.started');
  await stage.rollcall('resync', '--wait');
  await service.untilEvent('alert.undelivered');

  await writeFile(join(stage.folder, 'people.ldif'), good);
  const mended = await stage.rollcall('resync', '--wait');
  const checked = await stage.rollcall('check');

  expect(mended.code, mended.stderr).toBe(0);
  expect(stage.sandbox.effects).toHaveLength(3);
  expect(checked.stdout).toContain('The channel ops has not taken');
  expect(checked.stdout + service.log.join('\n')).not.toContain(secretPath);
});

test('notify test sends one message through each channel, or one, and says what came of each', async () => {
  const [box, other] = [await startPostBox(), await startPostBox()];
  await using stage = await setStage({
    sources,
    more: `notify:
  channels:
    ops: { type: slack, webhookUrl: "${box.url}" }
    siem: { type: webhook, webhookUrl: "${other.url}" }`,
  });

  const both = await stage.rollcallProcess('notify', 'test');
  other.always({ status: 404 });
  const failing = await stage.rollcall('notify', 'test', '--json');
  const one = await stage.rollcall('notify', 'test', 'ops');
  const unknown = await stage.rollcall('notify', 'test', 'oops');
  const explained = await stage.rollcall('config', 'explain');
  const shown = await stage.rollcall('config', 'explain', '--json');
  await box.stop();
  await other.stop();

  expect(both.code, both.stderr).toBe(0);
  expect(both.stdout).toContain('ok  ops: The test message was taken.');
  expect(both.stdout).toContain('ok  siem:');
  expect(failing.code).toBe(1);
  expect(JSON.parse(failing.stdout)).toEqual([
    { channel: 'ops', ok: true, text: expect.any(String) },
    { channel: 'siem', ok: false, text: expect.stringContaining('answered 404') },
  ]);
  expect(one.code).toBe(0);
  expect(one.stdout).not.toContain('siem');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('has ops, siem.') });
  expect([box.posted.length, other.posted.length]).toEqual([3, 2]);
  expect(explained.stdout).toContain('Told of everything: Slack at http://127.0.0.1:');
  const said = [both, failing, one, unknown, explained, shown].flatMap(({ stdout, stderr }) => [
    stdout,
    stderr,
  ]);
  expect(said.join('\n')).not.toContain(secretPath);
});

test('without channels nobody is told, and notify test says what is missing', async () => {
  await using stage = await setStage({ sources });

  expect(await stage.rollcall('notify', 'test')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('notify.channels'),
  });
  expect((await stage.rollcall('config', 'explain')).stdout).toContain('Nobody is told');
});
