/** `rollcall explain`: one person, end to end. It changes nothing. */
import type { Candidate, LookedAt } from '../../engine/index.ts';
import { explainPerson } from '../../engine/index.ts';
import { explanationJson } from '../../json/index.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { renderExplanation } from '../render/index.ts';
import { chosenSources, type Session } from '../session.ts';

export interface ExplainOptions {
  readonly source?: string;
}

export async function explainWho(session: Session, who: string, options: ExplainOptions): Promise<ExitCode> {
  const { terminal, signal } = session;
  return await session.withEngine(async (engine) => {
    const [named] = options.source === undefined ? [] : chosenSources(engine, options.source);
    const bar = terminal.progress(`Looking for ${who}`);
    const outcome = await explainPerson(engine, {
      ...{ who, source: named, now: new Date(), signal },
      onProgress: (progress) => {
        if (progress.stage === 'org')
          bar.update({ done: progress.profiles, text: `${progress.profiles} profiles of the org` });
      },
    }).finally(() => bar.stop());
    switch (outcome.kind) {
      case 'explained':
        if (session.isJson) terminal.json(explanationJson(outcome.explanation));
        else for (const line of renderExplanation(outcome.explanation, terminal)) terminal.line(line);
        return exitCodes.done;
      case 'several':
        throw new UsageError(several(who, outcome.people));
      case 'nobody':
        // Where nobody could look, that nobody was found is no answer.
        if (!outcome.lookedAt.isDown) throw new UsageError(nobody(who, outcome.lookedAt));
        terminal.note(nobody(who, outcome.lookedAt));
        return exitCodes.failed;
      default:
        return outcome satisfies never;
    }
  });
}

function nobody(who: string, { sources, doubts }: LookedAt): string {
  const doubt = doubts.length === 0 ? '' : ` Not everything could be looked at, though: ${doubts.join(' ')}`;
  return `Nobody is called ${who}: no e-mail address, login or id in ${sources.join(', ')}, no profile that is linked, and nothing in the audit log.${doubt}`;
}

function several(who: string, people: readonly Candidate[]): string {
  const ids = people.map(
    ({ anchor, label, email, source }) => `${anchor} (${label ?? email ?? 'long gone'}, source ${source})`,
  );
  return `${people.length} people are, or were, called ${who}: ${ids.join('; ')}. Name one by that id, or its source by --source.`;
}
