/** Writes docs/commands.md anew: `npm run docs:commands`. */
import { writeFile } from 'node:fs/promises';
import { documentFile, documentOf } from './document.ts';
import { programToRead } from './program.ts';

await writeFile(documentFile, documentOf(programToRead().program));
