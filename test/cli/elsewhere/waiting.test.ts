/** Waiting for a run that a service carries out, while the connection breaks, the service goes away, or nothing may be done. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientOf } from '../../../src/cli/elsewhere/client.ts';
import { rollcallElsewhere } from '../../../src/cli/elsewhere/elsewhere.ts';
import { eventsIn } from '../../../src/cli/elsewhere/events.ts';
import { createTerminal } from '../../../src/cli/render/index.ts';
import { runCommand } from '../../../src/cli/run-command.ts';
import { latestRuns } from '../../../src/store/runs/runs.ts';
import { until } from '../../e2e/stage.ts';
import { openSite, type Site, tokens } from '../../server/console/site.ts';
import { collect } from '../output.ts';
import { rollcallOf } from './both-ways.ts';

const slow = { works: true, sandbox: { latencyMs: 900 }, api: { concurrency: '2' } } as const;

const latestState = async (site: Site) => (await latestRuns(site.engine.store.db, 1))[0]?.state;

/** Something between here and a service that cuts what goes through, and takes nothing until it is mended. */
async function openWire(target: string) {
  const { port, hostname } = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const one of [near, far]) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => sockets.delete(one));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      for (const one of sockets) one.destroy();
    },
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      for (const one of sockets) one.destroy();
      server.close();
    },
  };
}

test('how far a reading elsewhere is shows in a bar', async () => {
  await using site = await openSite({ works: true, api: { pageSize: '4' } });
  // Of the first one, nobody was in the org.
  for (let count = 0; count < 2; count += 1) await site.sync();
  site.sandbox.fault({ operation: 'list', effect: { kind: 'delay', ms: 1_200 } });
  const { stdout, stderr, told } = collect({ isTTY: true, columns: 100 });
  const { signal } = new AbortController();
  const env = { ROLLCALL_URL: site.url, ROLLCALL_TOKEN: tokens.operator };

  const code = await runCommand(['plan'], { stdout, stderr, env, cwd: '/', signal });

  expect(code).toBe(0);
  expect(told()).toMatch(/Reading people .* \d+\/17 people and profiles/);
}, 60_000);

test('a connection that breaks in the middle is made again, and the end is told', async () => {
  await using site = await openSite(slow);
  await using wire = await openWire(site.url);

  const waiting = rollcallOf({ ...site, url: wire.url }, 'elsewhere')('resync', '--wait');
  await until(
    () => latestState(site),
    (state) => state === 'executing',
  );
  wire.cut();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  wire.mend();
  const { code, stdout, stderr } = await waiting;

  expect([code, stderr.match(/was lost\. The run does not depend on it/g)?.length]).toEqual([0, 1]);
  expect(stderr).toContain('answers again');
  expect(stdout).toMatch(/Run \w+ of people: 8 done\.\n$/);
  expect(site.effects().filter((effect) => effect.startsWith('created'))).toHaveLength(8);
}, 60_000);

test('a service that does not come back is not waited for without end, and the run is named', async () => {
  await using site = await openSite(slow);
  await using wire = await openWire(site.url);
  const { stdout, stderr, told } = collect();
  const { signal } = new AbortController();
  const terminal = createTerminal({ stdout, stderr, env: {}, json: false });
  const client = clientOf({ url: new URL(`${wire.url}/`), token: tokens.approver }, signal);
  const rollcall = rollcallElsewhere({ terminal, signal, actor: 'cli:anna' }, client, 1_500);
  const begun = await rollcall.beginRun({
    ...{ source: 'people', reading: 'full', onlyWho: undefined, raise: undefined, althoughPaused: undefined },
  });

  const waiting = rollcall.carryOut(begun.run, () => wire.cut());

  await expect(waiting).rejects.toThrow(
    new RegExp(`has not answered for 2 s, and what became of run ${begun.run} is not known here`),
  );
  expect(told()).toContain('was lost');
}, 60_000);

test('how far it is is drawn on a terminal, as the service tells it', async () => {
  await using site = await openSite(slow);
  const { stdout, stderr, told } = collect({ isTTY: true, columns: 100 });
  const { signal } = new AbortController();
  const env = { ROLLCALL_URL: site.url, ROLLCALL_TOKEN: tokens.operator };

  const code = await runCommand(['resync', '--wait'], { stdout, stderr, env, cwd: '/', signal });

  expect(code).toBe(0);
  expect(told()).toMatch(/Run \w+ .*[1-7]\/8 operations/);
}, 60_000);

describe.each(['here', 'elsewhere'] as const)('what may not be done now, asked %s', (way) => {
  test('a maintenance window: nothing failed, and the exit status is 3', async () => {
    await using site = await openSite({
      works: true,
      config: { maintenance: '[{ from: 2020-01-01T00:00, to: 2099-01-01T00:00, reason: Payroll }]' },
    });

    const { code, stdout } = await rollcallOf(site, way)('resync', '--wait');

    expect(stdout).toMatch(
      /people: 8 queued\.\nWhat is left waits; nothing has failed\. In maintenance \(Payroll\), /,
    );
    expect([code, site.effects()]).toEqual([3, []]);
  });

  test('a key that is refused has failed: the exit status is 1', async () => {
    await using site = await openSite({ works: true });
    site.sandbox.fault({ operation: '*', effect: { kind: 'status', status: 401 } });

    const { code, stdout } = await rollcallOf(site, way)('resync', '--wait');

    expect([code, stdout]).toEqual([1, expect.stringMatching(/failed|paused/)]);
  });
});

test('where no service is at work, whoever asks one is told that the run waits', async () => {
  await using site = await openSite();

  const { code, stdout, stderr } = await rollcallOf(site, 'elsewhere')('resync');

  expect(code).toBe(0);
  expect(stdout).toMatch(/^Run \w+ of people is requested/);
  expect(stderr).toBe('No service is at work there that takes it up: the run waits for one.\n');
  expect(await latestState(site)).toBe('requested');
});

test('events are the same, however the stream is cut into pieces', async () => {
  const sent = [
    { name: 'progress', data: '{"label":"Zoë 👩‍💻"}' },
    { name: '', data: 'one\ntwo' },
    { name: 'end', data: '{}' },
  ];
  const bytes = Buffer.from(
    sent
      .map(({ name, data }) => {
        const lines = data.split('\n').map((line) => `data: ${line}\n`);
        return `: still here\n\nretry: 3000\n${name === '' ? '' : `event: ${name}\n`}${lines.join('')}\n`;
      })
      .join(''),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30, size: 'max' }), async (cuts) => {
      const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      async function* pieces() {
        for (const [index, end] of places.slice(1).entries()) yield bytes.subarray(places[index], end);
      }

      const heard = [];
      for await (const event of eventsIn(pieces())) heard.push(event);

      expect(heard).toEqual(sent);
    }),
    { endOnFailure: true },
  );
});
