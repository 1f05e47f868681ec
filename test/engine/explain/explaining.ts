/** Explaining somebody of an installation in the test's own process. */
import { stripVTControlCharacters } from 'node:util';
import { createColours } from '../../../src/cli/render/colours.ts';
import { renderExplanation } from '../../../src/cli/render/index.ts';
import {
  type ExplainedPerson,
  type ExplainOutcome,
  type Explanation,
  explainPerson,
} from '../../../src/engine/index.ts';
import { explanationJson } from '../../../src/json/index.ts';
import type { Installation } from '../installation.ts';

export const explain = async (
  { engine }: Pick<Installation, 'engine'>,
  who: string,
  source?: string,
): Promise<ExplainOutcome> =>
  await explainPerson(engine, {
    who,
    source: engine.sources.find(({ id }) => id === source),
    now: new Date(),
    signal: AbortSignal.timeout(30_000),
    onProgress: () => undefined,
  });

/** @throws where there is nobody to be explained, or nobody can say who is meant */
export async function explained(
  here: Pick<Installation, 'engine'>,
  who: string,
  source?: string,
): Promise<Explanation> {
  const outcome = await explain(here, who, source);
  if (outcome.kind !== 'explained') throw new Error(JSON.stringify(outcome));
  return outcome.explanation;
}

export async function explainedOne(
  here: Pick<Installation, 'engine'>,
  who: string,
): Promise<ExplainedPerson> {
  const { people } = await explained(here, who);
  const [one, ...others] = people;
  if (one === undefined || others.length > 0) throw new Error(`${people.length} sources know ${who}.`);
  return one;
}

/** As a pipe gets it: a sentence on one line. */
export const textOf = (explanation: Explanation): string =>
  stripVTControlCharacters(
    renderExplanation(explanationJson(explanation), {
      colour: createColours(false),
      width: Number.POSITIVE_INFINITY,
    }).join('\n'),
  );
