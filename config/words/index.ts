/** The configuration in words: what is read and when, who counts as a leaver and what follows, who is protected, what is sent. */
import { redactConfig } from '../redact.ts';
import type { Config } from '../schema.ts';
import type { Chapter } from './chapter.ts';
import { guardsInWords } from './guards.ts';
import { hrInWords } from './hr.ts';
import { lifecycleInWords } from './lifecycle.ts';
import { maintenanceInWords } from './maintenance.ts';
import { notifyInWords } from './notify.ts';
import { belongingInWords, mappingInWords } from './rules.ts';
import { sourceInWords } from './sources.ts';

export type { Chapter, Sentence } from './chapter.ts';

/** In the order in which a run works. Secrets are not in it. */
export function configInWords(config: Config): readonly Chapter[] {
  const shown = redactConfig(config) as unknown as Config;
  return [
    ...shown.sources.map(sourceInWords),
    belongingInWords(shown),
    lifecycleInWords(shown),
    hrInWords(shown),
    guardsInWords(shown),
    mappingInWords(shown),
    maintenanceInWords(shown),
    notifyInWords(shown),
  ];
}
