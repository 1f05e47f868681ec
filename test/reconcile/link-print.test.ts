/** Prints of links are kept in the store, so that the way in which they are made may not change unseen. */
import { expect, test } from 'vitest';
import { printOf, printVersion } from '../../src/reconcile/link-print.ts';

test('the same content has the same print as when it was stored; another way of making it needs another version', () => {
  const applied = { email: 'A@b.c', n: 1, l: [{ b: 1, a: 2 }], t: true };

  const print = printOf({ label: 'uid=ä', employeeNumber: '42', applied });

  expect({ printVersion, print }).toEqual({ printVersion: 1, print: { low: 1181480118, high: -57792722 } });
});
