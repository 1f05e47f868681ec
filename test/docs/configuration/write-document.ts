/** Writes docs/configuration.md anew: `npm run docs:config`. */
import { writeFile } from 'node:fs/promises';
import { documentFile, documentOf } from './document.ts';
import { sections } from './keys.ts';

await writeFile(documentFile, documentOf(sections()));
