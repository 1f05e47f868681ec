/** `rollcall plan --with FILE`: what another configuration would do otherwise. Stores and sends nothing. */
import { type SourceWhatIf, tryOut } from '../../engine/index.ts';
import { whatIfJson } from '../../json/index.ts';
import { didYouMean } from '../../words/did-you-mean.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { renderWhatIf } from '../render/index.ts';
import type { Session } from '../session.ts';

/** Of `plan`, as far as they matter here. */
export interface WhatIfOptions {
  readonly source?: string;
  readonly user?: string;
  readonly all?: boolean;
  readonly mode: string;
  readonly from?: string;
  readonly acceptMissing?: number;
  readonly raise?: object;
  readonly reason?: string;
  readonly html?: string;
}

export async function whatIf(session: Session, file: string, options: WhatIfOptions): Promise<ExitCode> {
  const { terminal, signal } = session;
  refuseOthers(options);
  if (session.isElsewhere)
    throw new UsageError(
      '--with compares configurations where Rollcall itself is: `rollcall plan --with` works there, without --server.',
    );
  const candidate = await session.load(file);
  return await session.withEngine(async (engine) => {
    const trial = tryOut(engine, candidate);
    const { source: named } = options;
    const sources = named === undefined ? trial.sources : trial.sources.filter((id) => id === named);
    if (named !== undefined && sources.length === 0)
      throw new UsageError(
        `There is no source ${named}.${didYouMean(named, trial.sources)} The configurations have ${trial.sources.join(', ')}.`,
      );
    const results: SourceWhatIf[] = [];
    for (const id of sources) {
      const bar = terminal.progress(`Reading ${id}`);
      const result = await trial
        .on(id, options.user ?? null, signal, (progress) => {
          if (progress.stage === 'org')
            bar.update({ done: progress.profiles, text: `${progress.profiles} profiles of the org` });
          if (progress.stage === 'source')
            bar.update({ done: progress.identities, text: `${progress.identities} people of the source` });
        })
        .finally(() => bar.stop());
      results.push(result);
      if (session.isJson) continue;
      const extent = { all: options.all ?? false, most: 5 };
      for (const line of renderWhatIf(result, candidate.file, terminal, extent)) terminal.line(line);
    }
    if (session.isJson) terminal.json({ with: candidate.file, sources: results.map(whatIfJson) });
    return exitCodes.done;
  });
}

function refuseOthers({ mode, from, acceptMissing, raise, reason, html }: WhatIfOptions): void {
  if (html !== undefined)
    throw new UsageError('--with stores no plan that a report could be about: leave --html out.');
  if (mode === 'delta')
    throw new UsageError(
      '--with compares whole readings, since another configuration may concern everybody: leave --mode delta out.',
    );
  if (from !== undefined) throw new UsageError('--with reads the live source: leave --from out.');
  if (acceptMissing !== undefined || raise !== undefined || reason !== undefined)
    throw new UsageError(
      '--with stores no plan for which a guard could give way: leave --raise, --accept-missing and --reason out.',
    );
}
