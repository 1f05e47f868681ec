/** Writes docs/api-reference.md anew: `npm run docs:api`. */
import { writeFile } from 'node:fs/promises';
import { openSite } from '../../server/console/site.ts';
import { documentFile, documentOf } from './document.ts';
import { documentServedBy } from './served.ts';

// A store of its own, since the servers that tests share are not at work here.
await using site = await openSite({ places: 'database: { path: store }' });
await writeFile(documentFile, documentOf(await documentServedBy(site)));
