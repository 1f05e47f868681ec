/** Microsoft Entra ID as people run it: the commands and the service as processes, a tenant over HTTPS, a proxy before the hook. */
import { readFileSync } from 'node:fs';
import { setDefaultCACertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { startEntra } from '../servers/entra/server.ts';
import { freePort } from '../servers/free-port.ts';
import { startTlsFront } from '../servers/tls-front.ts';
import { setStage, until } from './stage.ts';

test('`check` tells of the tenant, a service reads it, and a notice deactivates somebody within seconds', async () => {
  await using closing = new AsyncDisposableStack();
  const entra = await startEntra();
  closing.defer(() => entra.stop());
  const front = await startTlsFront();
  closing.defer(() => front.stop());
  setDefaultCACertificates([entra.caFile, front.caFile].map((file) => readFileSync(file, 'utf8')));
  const port = await freePort();
  front.leadTo(`http://127.0.0.1:${port}`);
  const { tenantId, clientId, secret } = entra.registration;
  const ann = entra.directory.addUser({ displayName: 'Ann' });
  entra.directory.addUser({ displayName: 'Bob' });
  const stage = closing.use(
    await setStage({
      combination: 'PostgreSQL',
      sources: `  - { id: cloud, type: entra, tenantId: ${tenantId}, clientId: ${clientId}, auth: { secret: "${secret}" }, cloud: { login: "${entra.url}", graph: "${entra.url}" }, notifications: { url: "${front.url}/hooks/cloud" } }`,
      more: `
scope: user.userType == "Member"
mapping: { email: mail, username: userPrincipalName, name: displayName }
`,
      env: { NODE_EXTRA_CA_CERTS: entra.caFile, ROLLCALL__SERVER__PORT: String(port) },
    }),
  );

  const checked = await stage.rollcall('check');
  expect(checked, checked.stderr).toMatchObject({ code: 0 });
  for (const word of [tenantId, clientId, 'User.Read.All', '2 users', 'ann@contoso.example'])
    expect(checked.stdout).toContain(word);

  const service = stage.startService('all');
  await service.untilEvent('watch.arranged');
  // What the subscription begins with: a first reading, since there is no place in the changes yet.
  await until(() => stage.sandbox.find('ann@contoso.example')?.profile.is_active, Boolean);
  entra.directory.editUser(ann.id, { accountEnabled: false });
  expect(await entra.subscriptions.notify('users', ann.id)).toEqual([202]);
  await until(
    () => stage.sandbox.find('ann@contoso.example')?.profile.is_active,
    (is) => is === false,
  );

  await service.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  const everything =
    service.log.join('\n') + checked.stdout + (await stage.rollcall('runs', '--json')).stdout;
  expect(everything).not.toContain(secret);
});
