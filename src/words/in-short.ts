/** The answer in two sentences, before all that leads to it. */
import type { ExplainedPerson, Next } from '../engine/index.ts';
import { type PastEvent, pastEvents } from './past.ts';
import { timeInWords } from './time.ts';

export function inShort(person: ExplainedPerson, now: Date): readonly string[] {
  return [stateInWords(person, now), nextInWords(person.next)].filter((sentence) => sentence !== '');
}

/** How they are in the org, and by whose doing. */
export function stateInWords({ profile, link, history }: ExplainedPerson, now: Date): string {
  const events = pastEvents(history);
  const last = (kind: string): PastEvent | undefined =>
    events.find((event) => event.isDone && event.kind === kind);
  const deactivation = last('deactivate');
  const told = (event: PastEvent): string =>
    endedBy(`${timeInWords(event.at, now)} ${event.onWhoseWord}`, event.reason);
  switch (profile.kind) {
    case 'there': {
      const { isActive, profileId } = profile.profile;
      if (isActive) return `They are active in the org, as profile ${profileId}.`;
      if (link?.deactivatedByUs !== true)
        return `Their profile ${profileId} is inactive, and not by Rollcall: somebody blocked it in the org.`;
      return deactivation === undefined
        ? `Their profile ${profileId} is inactive: Rollcall deactivated it.`
        : `Their profile ${profileId} is inactive: Rollcall deactivated it ${told(deactivation)}`;
    }
    case 'deleted': {
      const purge = last('purge');
      return purge === undefined
        ? 'Their profile was deleted in the org, and not by Rollcall.'
        : `Their profile was deleted for good ${told(purge)}`;
    }
    case 'none': {
      if (link?.origin === 'invited') return 'They were invited, and have no profile yet.';
      const purge = last('purge');
      if (purge !== undefined) return `Their profile was deleted for good ${told(purge)}`;
      return link === undefined
        ? 'They have no profile that Rollcall knows of.'
        : 'They were created, and their profile is not known yet.';
    }
    case 'unknown': {
      const [latest] = events.filter(({ isDone }) => isDone);
      const done = latest === undefined ? '' : ` The last that was done: ${latest.what} ${told(latest)}`;
      return `How they are in the org can’t be told now.${done}`;
    }
    default:
      return profile satisfies never;
  }
}

/** A sentence after what may end with somebody's own words. */
export const endedBy = (text: string, reason: string | undefined): string =>
  `${text}${text.endsWith('."') ? '' : '.'} ${reason ?? ''}`.trimEnd();

export function nextInWords(next: Next): string {
  switch (next.kind) {
    case 'operation':
      return `The next run would ${next.operation.kind} them. ${next.operation.reason}`;
    case 'held':
      return `Their ${next.operation.kind} is held in plan ${next.operation.run_id} and waits for approval. ${next.operation.reason}`;
    case 'finding':
      return `The next run would do nothing for them. ${next.finding.reason}`;
    case 'nothing':
      return 'The next run would do nothing for them: they are as they should be.';
    case 'unknown':
      return next.sentence;
    default:
      return next satisfies never;
  }
}
