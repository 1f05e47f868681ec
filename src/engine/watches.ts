/** Lets sources tell by themselves that something has changed, and reads the changes then. */
import { openConnector } from '../../connectors/index.ts';
import type { Heard, HookCall, Watch } from '../../connectors/watch.ts';
import { audit } from '../audit/index.ts';
import type { SourceId } from '../identity/index.ts';
import { pausedSources } from '../store/service/pauses.ts';
import {
  claimDueWatches,
  expectWatches,
  keptArrangement,
  makeWatchDue,
  noteArrangement,
  noteNews,
  requestForNews,
} from '../store/sources/watches.ts';
import type { Engine } from './engine.ts';

/** An arrangement that failed is tried again after this time. */
const againMs = 5 * 60_000;
/** Whoever is at it and dies holds up nobody for longer. */
const claimMs = 5 * 60_000;
/** Notices come in swarms: a delta takes in what came before it. */
const usualGapMs = 5_000;

/** The sources that tell by themselves. */
export interface Watches {
  /** The sources that have a hook. */
  readonly sources: readonly SourceId[];
  /** @returns undefined where the source has no hook */
  hear(source: string, call: HookCall): Promise<Heard | undefined>;
  /** Sees to arrangements that are due, and requests runs for news. */
  keep(signal: AbortSignal): Promise<void>;
  /** Waits for what is at work. The arrangements with the sources stay, for the next start. */
  close(): Promise<void>;
}

/** Opens what the configured sources offer. @param gapMs - at least so long between two deltas for news */
export async function openWatches(engine: Engine, gapMs = usualGapMs): Promise<Watches> {
  const { store, log } = engine;
  const { db } = store;
  const watched = new Map<SourceId, Watch>();
  const close: (() => Promise<void>)[] = [];
  for (const { id, config } of engine.sources) {
    const connector = await openConnector(config).catch((error: unknown) => {
      // Its runs will say so, too; it keeps no other source from telling.
      log.warn({ event: 'watch.failed', source: id, err: error }, `The source ${id} can not be opened.`);
    });
    if (connector === undefined) continue;
    if (connector.watch === undefined) await connector.close();
    else {
      watched.set(id, connector.watch);
      close.push(() => connector.close());
    }
  }
  const sources = [...watched.keys()];
  await expectWatches(db, sources);
  const atWork = new Set<Promise<void>>();

  const tellMissed = (source: SourceId, sentence: string): void =>
    log.warn({ event: 'watch.missed', source }, sentence);

  const arrange = async (source: SourceId, kept: string | undefined, signal: AbortSignal): Promise<void> => {
    const now = new Date();
    try {
      const arrangement = await watched.get(source)?.arrange(kept, now, signal);
      if (arrangement === undefined) return;
      // Of what happened before it, nobody may have told.
      if (kept === undefined || arrangement.missed !== undefined) await noteNews(db, source);
      await noteArrangement(db, source, kept, {
        kept: arrangement.kept,
        dueAt: arrangement.again,
        trouble: undefined,
      });
      if (arrangement.missed !== undefined) tellMissed(source, arrangement.missed);
      log.info({ event: 'watch.arranged', source, until: arrangement.again }, 'The source tells of changes.');
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      const dueAt = new Date(now.getTime() + againMs);
      await noteArrangement(db, source, kept, {
        kept,
        ...(signal.aborted ? { dueAt: now, trouble: undefined } : { dueAt, trouble }),
      });
      if (signal.aborted) return;
      log.warn(
        { event: 'watch.failed', source, err: error },
        `The source ${source} does not tell of changes by itself: they are seen by the schedule alone until that is mended. ${trouble}`,
      );
    }
  };

  return {
    sources,
    async hear(name, call) {
      const [source, watch] = [...watched].find(([id]) => id === name) ?? [];
      if (source === undefined || watch === undefined) return undefined;
      const heard = watch.hear(call, await keptArrangement(db, source));
      if (heard.kind !== 'news') return heard;
      if (heard.hasChanges) await noteNews(db, source);
      if (heard.arrangement !== 'stands') await makeWatchDue(db, source, heard.arrangement === 'lost');
      if (heard.missed !== undefined) tellMissed(source, heard.missed);
      return heard;
    },
    async keep(signal) {
      for (const { source, kept } of await claimDueWatches(db, sources, claimMs)) {
        // Not waited for: news of other sources, and of this one, go on.
        const work = arrange(source, kept, signal)
          // The store is away: the claim ends by itself, and the next one arranges again.
          .catch((error: unknown) =>
            log.error(
              { event: 'watch.unnoted', source, err: error },
              `How it stands with notices of the source ${source} could not be stored; tried again in ${claimMs / 60_000} min.`,
            ),
          )
          .finally(() => atWork.delete(work));
        atWork.add(work);
      }
      const paused = await pausedSources(db);
      const free = sources.filter((source) => !paused.has(source));
      for (const { source, run } of await requestForNews(db, free, gapMs)) {
        const entry = {
          actor: 'notice',
          action: 'run.requested',
          run,
          source,
          details: { reading: 'delta' },
        } as const;
        await audit(db, [entry], new Date());
      }
    },
    async close() {
      for (const one of close) await one();
      await Promise.allSettled(atWork);
    },
  };
}
