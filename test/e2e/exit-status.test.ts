/** What scripts go by: the exit status, and one JSON document on stdout. */
import { expect, test } from 'vitest';
import { expectPlain, setScene } from './mistakes.ts';
import type { CliResult } from './stage.ts';

/** @throws where stdout is anything but one JSON document */
function documentOf(result: CliResult): unknown {
  expectPlain(result);
  return JSON.parse(result.stdout);
}

test('0 done, 1 failed, 3 waiting for approval, 4 done with failed operations', async () => {
  await using scene = await setScene({
    combination: 'PostgreSQL',
    slapd: { people: 12 },
    more: 'lifecycle: { grace: 0s }\nguards: { maxShrink: { count: 12 } }',
  });
  const { slapd, stage } = scene;
  const refused = stage.sandbox.fault({
    operation: 'create',
    match: 'u1@example.com',
    effect: { kind: 'status', status: 400 },
  });

  const failures = await stage.rollcallProcess('resync', '--wait', '--json');
  expect(failures.code, failures.stderr).toBe(4);
  expect(documentOf(failures)).toMatchObject({ run: { state: 'done' }, counts: { done: 11, failed: 1 } });
  const failed = await stage.rollcall('operations', '--failed', '--json');
  expect(documentOf(failed)).toMatchObject([{ email: 'u1@example.com', state: 'failed' }]);
  refused.clear();
  expect(await stage.rollcallProcess('retry', '--all')).toMatchObject({ code: 0 });

  for (const { dn } of slapd.people.slice(0, 8)) await slapd.remove(dn);
  const plan = await stage.rollcallProcess('plan', '--json');
  expect(plan.code, plan.stderr).toBe(3);
  documentOf(plan);
  const held = await stage.rollcallProcess('resync', '--wait', '--json');
  expect(held.code, held.stderr).toBe(3);
  expect(documentOf(held)).toMatchObject({ run: { state: 'held' }, counts: { held: 8 } });
  expect(stage.sandbox.effects.filter(({ kind }) => kind === 'deactivated')).toEqual([]);

  await slapd.kill();
  const unreachable = await stage.rollcallProcess('resync', '--wait', '--json');
  expect(unreachable.code, unreachable.stderr).toBe(1);
  expect(documentOf(unreachable)).toMatchObject({ run: { state: 'failed' } });
  for (const command of [['runs'], ['status'], ['audit', 'list'], ['audit', 'verify']]) {
    const result = await stage.rollcall(...command, '--json');
    expect(result.code, result.stderr).toBe(0);
    documentOf(result);
  }
});
