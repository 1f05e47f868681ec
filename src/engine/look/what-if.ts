/** Another configuration file tried on the sources of this one. Only reads. */
import type { LoadedConfig, SourceConfig } from '../../../config/index.ts';
import { openConnector } from '../../../connectors/index.ts';
import type { SourceId } from '../../identity/index.ts';
import { type PlanProgress, type WhatIf, whatIf } from '../../plan/index.ts';
import type { ConfiguredSource, Engine } from '../engine.ts';
import { rulesOf } from '../rules.ts';

/** What another configuration means for one source. */
export type SourceWhatIf =
  | { readonly kind: 'compared'; readonly source: SourceId; readonly whatIf: WhatIf }
  /** The other file has no such source any more, or has one that this one has not. */
  | { readonly kind: 'removed' | 'added'; readonly source: SourceId };

/** A function that tries another configuration on one source after the other. */
export interface Trial {
  /** The sources of either configuration, or the one that was asked for. */
  readonly sources: readonly SourceId[];
  /** Tries it on one source. @param onlyWho - one person by e-mail, login or id; null for everybody */
  on(
    source: SourceId,
    onlyWho: string | null,
    signal: AbortSignal,
    onProgress: (progress: PlanProgress) => void,
  ): Promise<SourceWhatIf>;
}

/** @throws {ConfigError} for mistakes in the other file's rules, with their lines */
export function tryOut(engine: Engine, loaded: LoadedConfig): Trial {
  const rules = rulesOf(loaded);
  const others = loaded.config.sources.flatMap((config, index): readonly ConfiguredSource[] => {
    const compiled = rules[index];
    return compiled === undefined ? [] : [{ id: config.id as SourceId, config, rules: compiled }];
  });
  const ids = [...engine.sources, ...others].map(({ id }) => id);
  return {
    sources: [...new Set(ids)],
    async on(id, onlyWho, signal, onProgress) {
      const today = engine.sources.find((source) => source.id === id);
      const candidate = others.find((source) => source.id === id);
      if (today === undefined || candidate === undefined)
        return { kind: candidate === undefined ? 'removed' : 'added', source: id };
      const connectors = [await openConnector(today.config), await openConnector(candidate.config)] as const;
      try {
        const compared = await whatIf(
          id,
          onlyWho,
          { config: engine.config, rules: today.rules, connector: connectors[0] },
          { config: loaded.config, rules: candidate.rules, connector: connectors[1] },
          isReadAlike(today.config, candidate.config),
          {
            ...{ db: engine.store.db, api: engine.api, log: engine.log, signal, onProgress },
            now: () => new Date(),
          },
        );
        return { kind: 'compared', source: id, whatIf: compared };
      } finally {
        for (const connector of connectors) await connector.close();
      }
    },
  };
}

/** Keys of a source that have no say in what is read of it; who has left by `active` is judged afterwards. */
const withoutSay = new Set(['active', 'schedule', 'pageSize', 'timeout', 'connectTimeout', 'notifications']);

function isReadAlike(one: SourceConfig, other: SourceConfig): boolean {
  const said = (source: SourceConfig): string =>
    JSON.stringify(
      Object.entries(source)
        .filter(([key]) => !withoutSay.has(key))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return said(one) === said(other);
}
