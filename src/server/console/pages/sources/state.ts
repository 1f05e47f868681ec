/** How a source is, the worst first. */
import type { Status } from '../../../../engine/index.ts';
import { relativeTime } from '../../../../words/time.ts';

export type SourceStatus = Status['sources'][number];

export interface SourceVerdict {
  readonly tone: 'good' | 'wait' | 'bad' | 'calm';
  readonly tag: string;
  readonly text: string;
}

export function sourceVerdict(
  { pause, quarantine, lastRun, lastGoodReadingAt, noticesTrouble }: SourceStatus,
  now: Date,
): SourceVerdict {
  if (pause !== undefined) {
    const { since, actor, until, reason } = pause;
    const end = until === undefined ? '' : `, and ends ${relativeTime(until, now)}`;
    return {
      tone: 'wait',
      tag: 'paused',
      text: `It was paused ${relativeTime(since, now)} by ${actor ?? 'Rollcall'}${end}: ${reason} It is not read, and nothing of it is written meanwhile.`,
    };
  }
  if (quarantine !== undefined) {
    const { since, reason, nextTryAt } = quarantine;
    const next = nextTryAt === undefined ? '' : ` It is tried again ${relativeTime(nextTryAt, now)}.`;
    return {
      tone: 'bad',
      tag: 'in quarantine',
      text: `It began ${relativeTime(since, now)}; the source is tried less often, and removes nobody: ${reason}${next}`,
    };
  }
  if (lastRun?.state === 'failed')
    return { tone: 'bad', tag: 'last run failed', text: lastRun.error ?? 'No reason was noted.' };
  const incomplete = lastRun?.summary?.incomplete ?? null;
  if (incomplete !== null)
    return {
      tone: 'bad',
      tag: 'incomplete',
      text: `The last reading was incomplete, and removed nobody: ${incomplete}`,
    };
  if (noticesTrouble !== undefined)
    return {
      tone: 'wait',
      tag: 'no notices',
      text: `It does not tell of changes by itself, and is read by its schedule alone: ${noticesTrouble}`,
    };
  if (lastRun === undefined || lastGoodReadingAt === undefined)
    return { tone: 'calm', tag: 'not read yet', text: 'Nobody has been read of it as a whole yet.' };
  return { tone: 'good', tag: 'well', text: `All of it was read ${relativeTime(lastGoodReadingAt, now)}.` };
}
