import type { Config } from '../schema.ts';
import { type Chapter, lengthInWords, type Sentence, say } from './chapter.ts';
import { remaining } from './remaining.ts';

export function lifecycleInWords({ lifecycle, correlation }: Config): Chapter {
  const { onboard, invite, reactivate, deletedInOrg, purgeAfter } = lifecycle;
  const said: readonly Sentence[] = [
    say('lifecycle.onboard', joiner[onboard]),
    say(
      'lifecycle.joinEarly',
      lifecycle.joinEarly === 0
        ? 'Somebody new whose first day is known to be still to come waits for that day.'
        : `Somebody new whose first day is known to be still to come gets theirs ${lengthInWords(lifecycle.joinEarly)} before it.`,
    ),
    say('lifecycle.invite.expires', `An invitation is good for ${lengthInWords(invite.expires)}.`),
    say(
      'lifecycle.invite.again',
      invite.again === 'never'
        ? 'Somebody who has not accepted is invited again only by hand.'
        : 'Somebody who has not accepted is invited again once their invitation has expired.',
    ),
    say('lifecycle.invite.atMost', `Nobody gets more than ${invite.atMost} invitations.`),
    say(
      'lifecycle.invite.role',
      invite.role === undefined
        ? 'An invitation names the role that the mapping gives, if any.'
        : `An invitation names the role ${invite.role} where the mapping gives none.`,
    ),
    ...leavingInWords(lifecycle),
    say(
      'lifecycle.exempt',
      lifecycle.exempt.length === 0
        ? 'Nobody is exempt from these rules.'
        : `Nobody is deactivated or deleted by these rules of whom this is true, or was when they were last seen: ${lifecycle.exempt.join(', or ')}. Only HR’s or an operator’s word deactivates them.`,
    ),
    say('lifecycle.reactivate', rehire[reactivate]),
    say(
      'lifecycle.handOver',
      lifecycle.handOver === 'correlation'
        ? 'Whom one source loses and another one has keeps their profile: they are known again by any of the rules that find a profile, unless both have an employee number and the two differ.'
        : correlation.includes('employee-number')
          ? 'Whom one source loses and another one has keeps their profile: they are known again by their employee number.'
          : 'Whom one source loses is not known again in another one, since profiles are not found by employee number.',
    ),
    say(
      'lifecycle.deletedInOrg',
      deletedInOrg === 'leave'
        ? 'Where somebody deletes a profile in the org, it is not made again, and the person is named.'
        : 'Where somebody deletes a profile in the org whose person still belongs there, it is made again.',
    ),
    say(
      'lifecycle.purgeAfter',
      purgeAfter === undefined
        ? 'No profile is ever deleted.'
        : `A profile is deleted for good ${lengthInWords(purgeAfter)} after Rollcall deactivated it, if the person is still gone and somebody approves that plan.`,
    ),
  ];
  return {
    title: 'When somebody joins, leaves or comes back',
    sentences: [...said, ...remaining('lifecycle', lifecycle, said)],
  };
}

/** Way by way, since each may lead to something else. */
function leavingInWords({ grace, leaver }: Config['lifecycle']): readonly Sentence[] {
  const gone = 'Whoever is simply not there any more is looked up once more by their id';
  return [
    say(
      'lifecycle.leaver.disabled',
      `Whoever the source, or the rule above, says to have left ${treatment(leaver.disabled)}.`,
    ),
    say(
      'lifecycle.leaver.deleted',
      `Whose entry the source itself calls deleted ${treatment(leaver.deleted)}.`,
    ),
    say('lifecycle.leaver.outOfScope', `Whoever is out of scope ${treatment(leaver.outOfScope)}.`),
    say(
      leaver.absent === undefined ? 'lifecycle.grace' : 'lifecycle.leaver.absent',
      leaver.absent === undefined
        ? `${gone}, and is deactivated ${grace === 0 ? 'at once' : `after ${lengthInWords(grace)}`} if they stay away.`
        : `${gone}, and ${treatment(leaver.absent)}.`,
    ),
    ...(leaver.absent === undefined ? [] : [say('lifecycle.grace', 'No other grace time counts.')]),
    say(
      'lifecycle.leaver',
      'Whoever has left by HR’s or an operator’s word is deactivated at once, and so is whoever’s leave date has come.',
    ),
  ];
}

const treatment = (how: Config['lifecycle']['leaver']['disabled']): string => {
  if (how === 'ignore') return 'is named in each run, and nothing is done';
  return how === 'deactivate'
    ? 'is deactivated in the next run'
    : `is deactivated once it has been so for ${lengthInWords(how.after)}`;
};

const joiner: Readonly<Record<Config['lifecycle']['onboard'], string>> = {
  create: 'Somebody new gets an account, and no mail.',
  invite: 'Somebody new is invited by mail, and has an account once they accept.',
  'create-and-invite': 'Somebody new gets an account, and then an invitation to it by mail.',
};

const rehire: Readonly<Record<Config['lifecycle']['reactivate'], string>> = {
  ours: 'Whoever comes back is active again if Rollcall itself had deactivated them; whom somebody blocked in the org stays blocked.',
  always: 'Whoever comes back is active again, also if somebody had blocked them in the org.',
  never: 'Whoever comes back stays inactive, until somebody activates them by hand.',
};
