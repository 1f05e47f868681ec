/** Writes docs/api-reference.md anew: `npm run docs:api`. */
import { writeFile } from 'node:fs/promises';
import { documentFile, documentOf } from './document.ts';
import { servedDocument } from './served.ts';

await writeFile(documentFile, documentOf(await servedDocument()));
