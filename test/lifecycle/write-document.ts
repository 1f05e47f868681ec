/** Writes docs/lifecycle.md anew: `npm run docs:lifecycle`. */
import { writeFile } from 'node:fs/promises';
import { chapters } from './cases/index.ts';
import { documentFile, documentOf } from './document.ts';

await writeFile(documentFile, documentOf(chapters));
