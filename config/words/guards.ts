import type { Config } from '../schema.ts';
import { type Chapter, lengthInWords, listInWords, type Sentence, say } from './chapter.ts';
import { remaining } from './remaining.ts';

type Guards = Config['guards'];

export function guardsInWords({ guards, sources }: Config): Chapter {
  const { maxDeactivations, maxEdits, maxBlanked, maxShrink, maxFailures, sentinels, administrators } =
    guards;
  const said: readonly Sentence[] = [
    say(
      'guards.maxDeactivations',
      `Nobody is deactivated without a person’s approval when more than ${larger(maxDeactivations)} of the source’s active people would be, within a day.`,
    ),
    say(
      'guards.maxEdits',
      `One and the same attribute changes only with approval when it would for more than ${larger(maxEdits)} of them.`,
    ),
    say(
      'guards.maxBlanked',
      `An attribute becomes empty only with approval when it would for more than ${larger(maxBlanked)} of them.`,
    ),
    say(
      'guards.maxShrink',
      `When more than ${larger(maxShrink)} of a source’s people, or of one branch of it, are gone at once, nobody is removed: the source has more likely broken.`,
    ),
    say(
      'guards.maxFailures',
      `When more than ${maxFailures.count} operations of a run or ${maxFailures.percent} % of them, whichever is more, have failed, the rest of it waits for approval; deactivations go on.`,
    ),
    say(
      'guards.sentinels',
      sentinels.length === 0
        ? 'Nobody is named who must always be there.'
        : `Where ${listInWords(sentinels.map((one) => (typeof one === 'string' ? one : `${one.who} (of ${one.source})`)))} can’t be seen, nobody is removed: others may be hidden too.`,
    ),
    ...(sources.length < 2
      ? []
      : [
          say(
            'sources',
            'Whom one source loses while another one has the same e-mail or username is not deactivated without approval where no employee numbers tell whether they are one person.',
          ),
        ]),
    say(
      'guards.protected',
      guards.protected.length === 0
        ? 'No single person is protected by name. The account that Rollcall itself uses is never touched.'
        : `${listInWords(guards.protected)} ${guards.protected.length === 1 ? 'is' : 'are'} never deactivated, nor is the account that Rollcall itself uses touched.`,
    ),
    say(
      'guards.administrators',
      administrators.length === 0
        ? 'No administrator is named; their role tells who is one.'
        : `${listInWords(administrators)} administer the org; the last active administrator is never deactivated.`,
    ),
    say(
      'guards.administratorRoles',
      `Whoever was given the role ${guards.administratorRoles.join(' or ')} counts as administrator too: the last active one is never deactivated.`,
    ),
    say(
      'guards.approval.people',
      guards.approval.people === 1
        ? 'One person’s approval releases what is held.'
        : 'What is held is released by the approval of two different people.',
    ),
    say('guards.planExpiry', `What nobody approves within ${lengthInWords(guards.planExpiry)} is dropped.`),
  ];
  return {
    title: 'What waits for a person, and who is protected',
    sentences: [...said, ...remaining('guards', guards, said)],
  };
}

const larger = ({ count, percent }: Guards['maxEdits']): string =>
  `${count} people or ${percent} %, whichever is more,`;
