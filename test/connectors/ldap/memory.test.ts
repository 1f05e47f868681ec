import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { uuidOf } from '../../servers/directory-people.ts';
import { personReply, startScriptedLdap } from '../../servers/scripted-ldap.ts';

test('who keeps the anchors of everybody keeps no text of theirs, however long it is', async () => {
  const [pages, onPage] = [25, 500];
  const description = ['x'.repeat(4_000)];
  const server = await startScriptedLdap({
    onSearch: ({ page }) => {
      const number = Number(page?.cookie ?? 0);
      const next = number + 1 < pages ? String(number + 1) : '';
      const people = Array.from({ length: onPage }, (_, index) =>
        personReply(uuidOf(number * onPage + index), { description, cn: [`Person ${index}`] }),
      );
      return [...people, { kind: 'done', cookie: next }];
    },
  });

  const reader = join(import.meta.dirname, 'memory-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', reader, server.url]);
  await server.stop();

  const { people, bytesEach } = JSON.parse(stdout);
  expect(people).toBe(pages * onPage);
  expect(bytesEach).toBeLessThan(350);
});
