/** Promise 5, on the whole: a first load against an API that fails often, with workers that die. */
import { expect, test } from 'vitest';
import { startSlapd } from '../servers/slapd.ts';
import { type Stage, setStage, until } from './stage.ts';

/** Every tenth answer to a creation is bad: a 500, or "too many requests". */
function makeTrouble({ sandbox }: Stage): void {
  sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 500 }, every: 20 });
  sandbox.fault({ operation: 'create', effect: { kind: 'status', status: 429 }, every: 19 });
  sandbox.fault({ operation: 'list', effect: { kind: 'status', status: 500 }, every: 10 });
}

function expectEverybodyOnce({ sandbox }: Stage, people: number): void {
  const created = sandbox.effects.filter((effect) => effect.kind === 'created').map((effect) => effect.email);
  expect(created).toHaveLength(people);
  expect(new Set(created).size).toBe(people);
  expect(sandbox.effects).toHaveLength(people);
}

async function withDirectory(people: number, work: (sources: string) => Promise<void>): Promise<void> {
  const slapd = await startSlapd({ people });
  try {
    const { ldapsUrl, readerDn, readerPassword, caFile, peopleDn } = slapd;
    await work(
      `  - { id: corp, type: ldap, url: "${ldapsUrl}", bindDn: "${readerDn}", password: "${readerPassword}", tls: { ca: "${caFile}" }, baseDn: "${peopleDn}" }`,
    );
  } finally {
    await slapd.stop();
  }
}

const more = 'retry: { backoff: 100ms, maxBackoff: 1s, attempts: 20 }';

test('5,000 people are created exactly once although every tenth answer is bad', {
  timeout: 900_000,
}, async () => {
  const people = 5_000;
  await withDirectory(people, async (sources) => {
    await using stage = await setStage({ combination: 'PostgreSQL and Redis', sources, more });
    makeTrouble(stage);

    const first = await stage.rollcallProcess('resync', '--wait', '--json');

    expect(first, first.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(first.stdout).counts).toEqual({ done: people });
    expectEverybodyOnce(stage, people);
    stage.sandbox.clearFaults();
    const second = await stage.rollcall('plan', '--json');
    expect(JSON.parse(second.stdout).operations).toEqual([]);
  });
});

test('workers killed in the middle lose nobody and do nothing twice', { timeout: 900_000 }, async () => {
  const people = 2_000;
  await withDirectory(people, async (sources) => {
    await using stage = await setStage({ combination: 'PostgreSQL and Redis', sources, more });
    makeTrouble(stage);
    stage.sandbox.fault({ operation: 'create', effect: { kind: 'drop', when: 'after' }, every: 50 });
    const scheduler = stage.startService('scheduler');
    const workers = [stage.startService('worker'), stage.startService('worker')];
    await Promise.all([scheduler, ...workers].map((service) => service.untilEvent('service.started')));

    await stage.rollcall('resync');
    for (const [index, at] of [200, 600, 1_000].entries()) {
      await until(
        () => stage.sandbox.effects.length,
        (count) => count >= at,
        200_000,
      );
      await workers[index % 2]?.kill('SIGKILL');
      workers[index % 2] = stage.startService('worker');
    }
    await until(
      async () => JSON.parse((await stage.rollcall('runs', '--json')).stdout)[0],
      (run) => run.state === 'done',
      400_000,
    );

    expectEverybodyOnce(stage, people);
    const runs = JSON.parse((await stage.rollcall('runs', '--json')).stdout);
    expect(runs[0].counts).toEqual({ done: people });
    stage.sandbox.clearFaults();
    const second = await stage.rollcall('plan', '--json');
    expect(JSON.parse(second.stdout).operations).toEqual([]);
    expect(await stage.rollcall('audit', 'verify')).toMatchObject({ code: 0 });
  });
});
