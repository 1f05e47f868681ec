import { sourcesNamed } from '../acts/index.ts';
import type { ConfiguredSource, Engine } from '../engine/index.ts';
import { unlessRefused } from './unless-refused.ts';

/**
 * The sources that a command is about: the one that was named, or all.
 *
 * @throws {UsageError} where there is none of that name
 */
export const chosenSources = (
  engine: Pick<Engine, 'sources'>,
  name: string | undefined,
): readonly ConfiguredSource[] => unlessRefused(sourcesNamed(engine, name)).sources;
