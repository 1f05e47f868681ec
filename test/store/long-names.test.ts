/** Names are looked for by indexes; one that is longer than an index of the usual kind can hold loses nobody. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { migrate } from '../../src/store/index.ts';
import { linksCalled } from '../../src/store/people/find-links.ts';
import { keepLink } from '../../src/store/people/links.ts';
import { link } from '../builders/org.ts';
import { newStore } from './stores.ts';

test.each(['embedded', 'server'] as const)('on the %s store', async (kind) => {
  const { store, end } = await newStore(kind);
  try {
    await migrate(store.db);
    const long = randomBytes(6_000).toString('hex');
    const { source, anchor, ...values } = link({
      label: `cn=${long},ou=people`,
      email: `${long}@example.com`,
      applied: { username: `u-${long}`, email: `${long}@example.org` },
    });
    await keepLink(store.db, { ...values, source, anchor });

    for (const name of [`CN=${long},ou=people`, `${long}@example.com`, `u-${long}`, `${long}@example.org`])
      expect(await linksCalled(store.db, [source], name)).toMatchObject([{ anchor }]);
  } finally {
    await end();
  }
});
