import * as event from '../events.ts';
import {
  hasNoProfile,
  hasProfiles,
  isActive,
  isInactive,
  isLookedAtAgain,
  isTold,
  wasDone,
  wasNeverDeactivated,
  wasNeverTouched,
} from '../look.ts';
import type { Chapter } from '../step.ts';

export const leavers: Chapter = {
  title: 'Leavers, and contracts that end',
  about:
    'Whoever has left is deactivated, and never deleted unless `lifecycle.purgeAfter` asks for it. Where the directory says so itself (disabled, a leave date that has passed, out of scope, a deleted entry), that is at once. Whoever is merely missing is looked up by their id first, and must stay away for `lifecycle.grace` (24 hours).',
  cases: [
    {
      name: 'An account is disabled in the directory',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp')],
      outcome: [isInactive('Ann'), wasDone('create', 'deactivate')],
    },
    {
      name: 'The directory says itself that the entry was deleted: no grace time',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDeleted('corp', 'Ann'), event.runs('corp')],
      outcome: [isInactive('Ann')],
    },
    {
      name: 'An entry is gone: for a day nothing is done',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isGone('corp', 'Ann'), event.runs('corp'), event.pass(23), event.runs('corp')],
      outcome: [
        isActive('Ann'),
        isTold('corp', 'Ann', 'waiting', 'They are gone from the source since'),
        isLookedAtAgain('corp', 'Ann', event.at(24)),
      ],
    },
    {
      name: 'An entry is gone for longer than the grace time',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isGone('corp', 'Ann'), event.runs('corp'), event.pass(25), event.runs('corp')],
      outcome: [isInactive('Ann')],
    },
    {
      name: 'The grace time is three days',
      settings: 'lifecycle: { grace: 3d }',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isGone('corp', 'Ann'), event.runs('corp'), event.pass(2, 'days'), event.runs('corp')],
      outcome: [isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'The directory does not show somebody, but has them when asked by their id',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isHidden('corp', 'Ann'), event.runs('corp'), event.pass(5, 'days'), event.runs('corp')],
      outcome: [isActive('Ann'), isTold('corp', 'Ann', 'left', 'they are there when asked for by their id')],
    },
    {
      name: 'The directory does not show somebody, and nobody can say whether they are gone',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDoubtful('corp', 'Ann'), event.runs('corp'), event.pass(5, 'days'), event.runs('corp')],
      outcome: [isActive('Ann'), isTold('corp', 'Ann', 'waiting', 'The server is busy')],
    },
    {
      name: 'A reading breaks off: whoever it did not show stays',
      given: [event.isIn('corp', 'Ann'), event.isIn('corp', 'Bob'), event.runs('corp')],
      when: [
        event.isGone('corp', 'Bob'),
        event.breaksOff('corp'),
        event.pass(5, 'days'),
        event.breaksOff('corp'),
      ],
      outcome: [isActive('Ann'), isActive('Bob'), wasDone('create', 'create')],
    },
    {
      name: 'The directory can not be read for a week',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDown('corp'), event.pass(7, 'days'), event.isDown('corp')],
      outcome: [isActive('Ann'), wasDone('create')],
    },
    {
      name: 'A contract ends tomorrow: the account is kept until then, and looked at in that minute',
      given: [event.isIn('corp', 'Ann', { leaveAt: event.at(24) })],
      when: [event.runs('corp'), event.runs('corp')],
      outcome: [isActive('Ann'), isLookedAtAgain('corp', 'Ann', event.at(24))],
    },
    {
      name: 'A contract has ended',
      given: [event.isIn('corp', 'Ann', { leaveAt: event.at(24) }), event.runs('corp')],
      when: [event.pass(24), event.runs('corp')],
      outcome: [isInactive('Ann')],
    },
    {
      name: 'A contract is prolonged before its end',
      given: [event.isIn('corp', 'Ann', { leaveAt: event.at(24) }), event.runs('corp')],
      when: [
        event.changes('corp', 'Ann', { leaveAt: event.at(720) }, "Ann's contract is prolonged by a month"),
        event.pass(24),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'A contract is prolonged after its end',
      given: [
        event.isIn('corp', 'Ann', { leaveAt: event.at(24) }),
        event.runs('corp'),
        event.pass(24),
        event.runs('corp'),
      ],
      when: [
        event.changes('corp', 'Ann', { leaveAt: event.at(720) }, "Ann's contract is prolonged by a month"),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasDone('create', 'deactivate', 'reactivate')],
    },
    {
      name: 'Somebody who left is unblocked by hand: the next run blocks them again',
      given: [
        event.isIn('corp', 'Ann'),
        event.runs('corp'),
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      when: [event.isUnblockedByHand('Ann'), event.runs('corp')],
      outcome: [isInactive('Ann')],
    },
    {
      name: 'Somebody was invited, and leaves before they accept',
      settings: 'lifecycle: { onboard: invite }',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp'), event.accepts('Ann'), event.runs('corp')],
      outcome: [isInactive('Ann')],
    },
    {
      name: 'Somebody leaves whose profile was deleted in the org',
      given: [event.isIn('corp', 'Ann'), event.runs('corp'), event.isDeletedByHand('Ann')],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp')],
      outcome: [hasNoProfile('Ann'), wasDone('create')],
    },
    {
      name: 'The profile of somebody who is there was deleted in the org: a person must decide',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDeletedByHand('Ann'), event.runs('corp')],
      outcome: [
        hasNoProfile('Ann'),
        isTold('corp', 'Ann', 'conflict', 'was deleted in the org by somebody else'),
      ],
    },
    {
      name: 'The same, where it is to be made again',
      settings: 'lifecycle: { deletedInOrg: create }',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDeletedByHand('Ann'), event.runs('corp')],
      outcome: [isActive('Ann'), wasDone('create', 'create')],
    },
    {
      name: 'Long after somebody left, their profile is planned for deletion, which a person must approve',
      settings: 'lifecycle: { purgeAfter: 180d }',
      given: [
        event.isIn('corp', 'Ann'),
        event.runs('corp'),
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      when: [event.pass(181, 'days'), event.runs('corp')],
      outcome: [hasProfiles('Ann', 0), wasDone('create', 'deactivate', 'purge')],
    },
    {
      name: 'Somebody leaves whom guards.protected names',
      settings: 'guards: { protected: [ann@example.com] }',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp')],
      outcome: [isActive('Ann'), isTold('corp', 'Ann', 'left', 'guards.protected names them')],
    },
    {
      name: "Somebody leaves whose account is that of Rollcall's own API key",
      given: [event.isOwnAccount('Ann'), event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp')],
      outcome: [isActive('Ann'), wasNeverTouched('Ann')],
    },
    {
      name: 'A profile in the org that Rollcall knows nothing of',
      given: [event.isInOrg('Bob'), event.isIn('corp', 'Ann')],
      when: [event.runs('corp'), event.pass(30, 'days'), event.runs('corp')],
      outcome: [isActive('Bob'), wasNeverTouched('Bob')],
    },
  ],
};
