/** Promise 11 for this source: secret, token and delta links are in no error, finding or reason. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Misfortune } from '../../servers/entra/faults.ts';
import { changesSince, cursorAfterReading, emulatedTenant, readAll } from './tenant.ts';

const misfortunes: readonly Misfortune[] = [
  { kind: 'answer', status: 400, body: { error: { code: 'BadRequest', message: 'No.' } } },
  { kind: 'answer', status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'No.' } } },
  { kind: 'answer', status: 500 },
  { kind: 'html', status: 200 },
  { kind: 'cut' },
  { kind: 'reset' },
  { kind: 'link', to: 'https://evil.example/v1.0/users/delta?$deltatoken=abc' },
];

test('whatever fails, and wherever', async () => {
  await using tenant = await emulatedTenant({ tenant: { deltaPageSize: 2 } });
  for (let index = 0; index < 6; index += 1) tenant.directory.addUser();
  const connector = tenant.connect();
  const cursor = await cursorAfterReading(connector);
  const told: string[] = [];
  const tell = async (work: Promise<unknown>): Promise<void> => {
    told.push(inspect(await work.catch((error: unknown) => error), { depth: 12, showHidden: true }));
  };

  for (const misfortune of misfortunes)
    for (const on of [/\$skiptoken/, /\/users\/delta/]) {
      tenant.faults.add({ on, misfortune, times: 99 });
      await tell(readAll(connector).then(({ end }) => end.completeness));
      await tell(changesSince(connector, cursor).then(({ end }) => (end.kind === 'end' ? end.kind : end)));
      await tell(connector.probe({ attributes: [], signal: AbortSignal.timeout(5_000) }));
      tenant.faults.clear();
    }
  await tell(readAll(tenant.connect({ auth: { secret: 'wrong~secret' } })));

  const all = told.join('\n');
  expect(all).toContain('Graph answered');
  expect(all).not.toContain(tenant.registration.secret);
  expect(all).not.toContain('wrong~secret');
  expect(all).not.toMatch(/Bearer|eyJ[\w-]{20}/);
  expect(all).not.toMatch(/\$(delta|skip)token=[\w-]{10}/);
});
