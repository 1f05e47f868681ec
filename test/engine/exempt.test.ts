/** People whom no rule deactivates, through a whole run: the store remembers them once they are gone. */
import { expect, test } from 'vitest';
import { install } from './installation.ts';

test('whoever is exempt stays when they are gone right after they joined, or left; others do not', async () => {
  await using here = await install({
    config: { lifecycle: `{ grace: 0s, exempt: 'user.employeeNumber in ["10002", "10003"]' }` },
  });
  await here.sync();
  const [gone, disabled, other] = [here.person(2), here.person(3), here.person(4)];

  await here.publish(
    here.people.flatMap((one) => {
      if (one === gone || one === other) return [];
      return [one === disabled ? { ...one, employeeType: 'left' as const } : one];
    }),
  );
  const run = await here.release();
  await here.carryOut(run);

  expect(here.effects().filter((effect) => effect.startsWith('deactivated'))).toEqual([
    `deactivated ${other.mail}`,
  ]);
  const left = (await here.findings(run)).filter(({ kind }) => kind === 'left');
  expect(left.map(({ email }) => email).sort()).toEqual([gone.mail, disabled.mail].sort());
  for (const { reason } of left) expect(reason).toContain('lifecycle.exempt');
});
