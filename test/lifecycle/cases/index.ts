import type { Chapter } from '../step.ts';
import { rehires } from './rehires.ts';
import { sources } from './sources.ts';

export const chapters: readonly Chapter[] = [rehires, sources];
