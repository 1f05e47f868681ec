/** Writes docs/licences.md anew: `npm run docs:licences`. */
import { writeFile } from 'node:fs/promises';
import { documentFile, documentOf } from './licences.ts';

await writeFile(documentFile, documentOf());
