/** What is asked of a service by its API is told in the same words, the same JSON and the same exit status as of its store. */
import { expect, test } from 'vitest';
import { carryOutRun } from '../../../src/engine/index.ts';
import type { RunId } from '../../../src/store/operations/operation.ts';
import { latestRuns } from '../../../src/store/runs/runs.ts';
import { openSite, type Site } from '../../server/console/site.ts';
import { comparable, type Rollcall, rollcallOf, type Way } from './both-ways.ts';

/** A first sync, failures, a guard that holds, rulings, a leaver, pauses: each command at least once, also where it is refused. */
async function life(site: Site, rollcall: Rollcall): Promise<void> {
  const { sandbox, people, engine } = site;
  const mail = (index: number): string => site.person(index).mail;
  const latest = async (): Promise<string> => (await latestRuns(engine.store.db, 1))[0]?.id ?? '';
  const settled = async (): Promise<unknown> =>
    await carryOutRun(engine, (await latest()) as RunId, AbortSignal.timeout(30_000));
  const look = async (...typed: readonly string[]): Promise<void> => {
    await rollcall(...typed);
    await rollcall(...typed, '--json');
  };
  const publish = (change: (person: (typeof people)[number], index: number) => object) =>
    site.publish(people.map((person, index) => ({ ...person, ...change(person, index) })));

  await look('runs');
  await look('conflicts');
  await rollcall('resync', '--wait');
  await look('runs', await latest());

  await rollcall('plan', '--user', mail(1));
  await rollcall('plan', '--json');
  await rollcall('approve', await latest(), '--reason', 'I looked at it');
  await rollcall('plan', '--source', 'poeple');
  await rollcall('plan', '--user', mail(1), '--mode', 'delta');

  const refused = sandbox.fault({ operation: 'edit', effect: { kind: 'status', status: 400 } });
  await publish((_, index) => (index === 0 ? { title: 'Pilot' } : {}));
  await rollcall('resync', '--wait', '--json');
  const failed = await latest();
  await look('operations', '--failed');
  await look('operations', '--run', failed, '--limit', '3');
  await rollcall('operations', '--run', 'nowhere');
  refused.clear();
  await rollcall('retry', '--run', failed, '--reason', 'mended');
  await settled();
  await rollcall('retry', 'nothing.1');
  await rollcall('retry');
  await rollcall('discard', '--all');
  await rollcall('discard', '--source', 'people', '--saying', 'no such', '--reason', 'none');

  await publish((_, index) => (index < people.length / 2 ? { employeeType: 'left' } : {}));
  await rollcall('resync', '--wait');
  const held = await latest();
  await look('status');
  await look('runs');
  await rollcall('runs', held, '--all');
  await rollcall('runs', 'k3v9m2wx');
  await rollcall('approve', 'k3v9m2wx', '--reason', 'why not');
  await rollcall('approve', held, '--wait', '--reason', 'They left');
  await rollcall('approve', held, '--reason', 'once more');
  await rollcall('undo', held);
  await rollcall('reject', await latest(), '--reason', 'They did leave');
  await rollcall('undo', await latest());
  await rollcall('resync', '--user', mail(7), '--wait', '--raise', 'maxEdits=3', '--source', 'people');
  await rollcall(
    ...['resync', '--user', mail(7), '--wait', '--raise', 'maxEdits=3', '--source', 'people'],
    ...['--reason', 'It is fine'],
  );
  await rollcall('resync', '--source', 'people');
  await settled();

  await look('explain', mail(0));
  await look('explain', mail(7));
  await rollcall('explain', 'nobody@example.org');
  await rollcall('explain', mail(7), '--source', 'nowhere');
  await rollcall('ignore', mail(6), '--reason', 'A test account');
  await look('conflicts');
  await rollcall('unignore', mail(6), '--reason', 'It is a person', '--json');
  await rollcall('unignore', mail(6), '--reason', 'again');
  await rollcall('adopt', mail(6), '--profile', 'nowhere', '--reason', 'It is theirs');
  await rollcall('unadopt', mail(6), '--reason', 'It is not');
  await rollcall('ignore', 'nobody@example.org', '--reason', 'Nobody');
  await rollcall('invite-again', mail(5), '--reason', 'They lost the mail');

  await rollcall('offboard', mail(7), '--reason', 'Contract ended');
  await settled();
  await rollcall('offboard', mail(6), '--at', '2099-03-31', '--reason', 'Contract ends', '--json');
  await rollcall('offboard', mail(6), '--at', 'some day', '--reason', 'Contract ends');
  await rollcall('offboard', 'nobody@example.org', '--reason', 'Nobody');
  await look('offboard', '--list');
  await rollcall('reinstate', mail(6), '--reason', 'They stay');
  await rollcall('reinstate', mail(6), '--reason', 'They stay');

  await rollcall('pause', '--reason', 'The import is wrong');
  await publish((_, index) => (index === 6 ? { title: 'Diver' } : { employeeType: 'left' }));
  await rollcall('resync', '--wait', '--user', mail(6));
  await rollcall('resume', '--reason', 'It is right', '--json');
  await settled();
  await rollcall('pause', '--source', 'people', '--until', '2099-03-31', '--reason', 'It is moved', '--json');
  await rollcall('resync');
  await look('status');
  await rollcall('runs');
  await rollcall('resume', '--reason', 'It is right');
  await rollcall('resume', '--source', 'people', '--reason', 'It is moved');
  await rollcall('quarantine', 'clear', 'people', '--reason', 'It is right');
  await rollcall('quarantine', 'clear', 'poeple', '--reason', 'It is right');

  await look('audit', 'list', '--limit', '600');
  await rollcall('audit', 'list', '--who', mail(7), '--since', '2020-01-01');
  await rollcall('audit', 'export', '--who', mail(7));
  await rollcall('audit', 'export', '--format', 'csv', '--run', held);
  await look('audit', 'verify');
  await rollcall('audit', 'verify', '--head', 'mistyped');
  await rollcall('notify', 'test');
  await rollcall('notify', 'test', 'poeple');
}

async function lived(way: Way): Promise<readonly (readonly [string, unknown])[]> {
  // One after another, so that the org and the log have the same order in both.
  await using site = await openSite({ works: true, api: { concurrency: '1' } });
  const rollcall = rollcallOf(site, way);
  const told: [string, unknown][] = [];
  await life(site, async (...typed) => {
    const result = await rollcall(...typed);
    told.push([`${told.length + 1} ${typed.join(' ')}`.slice(0, 60), await comparable(site, result)]);
    return result;
  });
  return told;
}

test('every command says the same, asked of the store and of the service', async () => {
  const here = await lived('here');
  const elsewhere = await lived('elsewhere');

  const names = new Map(elsewhere);
  expect(here.length).toBeGreaterThan(80);
  for (const [index, [, told]] of here.entries()) expect.soft(elsewhere[index]?.[1]).toEqual(told);
  expect(names.size).toBe(here.length);
}, 300_000);
