import type { Chapter } from '../step.ts';
import { joiners } from './joiners.ts';
import { leavers } from './leavers.ts';
import { movers } from './movers.ts';
import { rehires } from './rehires.ts';
import { sources } from './sources.ts';

export const chapters: readonly Chapter[] = [joiners, movers, leavers, rehires, sources];
