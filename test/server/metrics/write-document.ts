/** Writes docs/metrics.md anew: `npm run docs:metrics`. */
import { writeFile } from 'node:fs/promises';
import { createMetrics } from '../../../src/server/metrics/index.ts';
import { documentFile, documentOf, readRules } from './document.ts';

await writeFile(documentFile, documentOf(createMetrics().described, await readRules()));
