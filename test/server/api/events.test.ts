/** Streams: what changes is told at once, and they end when the service stops. */
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { pauseExecution } from '../../../src/store/service/pauses.ts';
import { openSite, tokens } from '../console/site.ts';
import { clientOf } from './client.ts';

interface Heard {
  /** Resolves when so much was heard. */
  until(text: RegExp): Promise<string>;
  readonly ended: Promise<void>;
  leave(): void;
}

async function listen(url: string): Promise<Heard> {
  const asked = request(url, { headers: { authorization: `Bearer ${tokens.viewer}` } }).end();
  const [response] = await once(asked, 'response');
  expect(response.headers['content-type']).toBe('text/event-stream');
  let text = '';
  response.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => response.once('close', () => resolve()));
  return {
    ended,
    leave: () => void asked.destroy(),
    async until(pattern) {
      while (!pattern.test(text)) await once(response, 'data');
      return text;
    },
  };
}

test('how things are is told at once, and after each change', async () => {
  await using site = await openSite();
  const heard = await listen(`${site.url}/api/v1/events`);
  await heard.until(/event: status\ndata: .*"pause":null/);

  await pauseExecution(site.engine.store.db, 'The key was refused.');

  await heard.until(/"pause":\{"reason":"The key was refused."/);
  heard.leave();
});

test('whoever comes while others listen is told at once, too, and a heartbeat is no change', async () => {
  await using site = await openSite({ works: true });
  const first = await listen(`${site.url}/api/v1/events`);
  await first.until(/event: status/);
  const second = await listen(`${site.url}/api/v1/events`);
  await second.until(/event: status/);

  await new Promise((resolve) => setTimeout(resolve, 7_000));

  const text = await first.until(/./);
  expect(text.match(/event: status/g)?.length).toBeLessThanOrEqual(2);
  first.leave();
  second.leave();
}, 30_000);

test('how far a reading is is told while it lasts, and what the last one came to', async () => {
  await using site = await openSite({ works: true, api: { pageSize: '2' } });
  const client = clientOf(site);
  await site.sync();
  // Of the first one, nobody was in the org.
  await site.sync();
  site.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 900 } });
  const { body } = await client.post('/runs', { source: 'people' }, { as: 'operator' });

  const heard = await listen(
    `${site.url}/api/v1/runs/${z.object({ runs: z.tuple([z.object({ id: z.string() })]) }).parse(body).runs[0].id}/events`,
  );

  const text = await heard.until(
    /"reading":\{"identities":8,"profiles":[2-8],"expected":\{"identities":8,"profiles":9\}\}/,
  );
  expect(text).not.toContain('event: end');
  // Afterwards there is none any more.
  await heard.until(/"state":"done",[^\n]*"reading":null/);
  heard.leave();
}, 60_000);

test('a run that ended long ago is told at once, and its stream ends', async () => {
  await using site = await openSite();
  const { run } = await site.sync();

  const { body } = await clientOf(site).get(`/runs/${run.id}/events`);

  expect(body).toMatch(
    /^retry: 3000\n\nevent: progress\ndata: .*\n\nevent: end\ndata: .*"state":"done".*\n\n$/,
  );
});

test('open streams do not keep the service from stopping', async () => {
  const site = await openSite();
  const run = await site.request('apply');
  const heard = await Promise.all([
    listen(`${site.url}/api/v1/events`),
    listen(`${site.url}/api/v1/runs/${run}/events`),
  ]);
  await Promise.all(heard.map((one) => one.until(/event:/)));

  const begun = performance.now();
  await site.server.close();

  await Promise.all(heard.map((one) => one.ended));
  expect(performance.now() - begun).toBeLessThan(3_000);
  await site[Symbol.asyncDispose]();
});
