import * as event from '../events.ts';
import { isActive, isInactive, isTold, shows, wasDone, wasNeverDeactivated } from '../look.ts';
import type { Chapter } from '../step.ts';

const byNumber = 'correlation: [email, employee-number]';
const number = { employeeNumber: '4711' };

export const rehires: Chapter = {
  title: 'Rehires',
  about:
    'Somebody who comes back gets the account that they had, with all that is in it. Under the same id that is so by itself; under a new id the employee number says who they are, where `correlation` has `employee-number`. It has not by default: some HR systems give a number to somebody new, who would inherit the account.',
  cases: [
    {
      name: 'Somebody comes back under the same id',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
        event.pass(90, 'days'),
        event.isEnabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasDone('create', 'deactivate', 'reactivate')],
    },
    {
      name: 'Somebody comes back under the same id with another e-mail address',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
        event.isBack('corp', 'Ann', { isDisabled: false, mail: 'ann.miller@example.com' }),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), shows('Ann', 'email', 'ann.miller@example.com')],
    },
    {
      name: 'Somebody comes back while the grace time still runs',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [
        event.isGone('corp', 'Ann'),
        event.runs('corp'),
        event.pass(20),
        event.isBack('corp', 'Ann'),
        event.runs('corp'),
        event.pass(20),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'The entry is deleted and made anew, with the same employee number, months later',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isDeleted('corp', 'Ann'),
        event.runs('corp'),
        event.pass(90, 'days'),
        event.isIn('corp', 'Ann', { id: 'ann-2', ...number }),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasDone('create', 'deactivate', 'adopt')],
    },
    {
      name: 'The entry is deleted and made anew within a day: the account never rests',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isGone('corp', 'Ann'),
        event.isIn('corp', 'Ann', { id: 'ann-2', ...number }),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasNeverDeactivated('Ann'), wasDone('create', 'adopt')],
    },
    {
      name: 'A new id, the same employee number and a new e-mail address',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isDeleted('corp', 'Ann'),
        event.runs('corp'),
        event.isIn('corp', 'Ann', { id: 'ann-2', mail: 'ann.miller@example.com', ...number }),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), shows('Ann', 'email', 'ann.miller@example.com')],
    },
    {
      name: 'A new id beside the old one, which is disabled but still there',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isDisabled('corp', 'Ann'),
        event.isIn('corp', 'Ann', { id: 'ann-2', ...number }),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'Two entries with one employee number, both active: a person must decide',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isIn('corp', 'Ann', { id: 'ann-2', mail: 'ann.miller@example.com', ...number }),
        event.runs('corp'),
      ],
      outcome: [isTold('corp', 'Ann', 'conflict', 'who is there and active in the source'), isActive('Ann')],
    },
    {
      name: 'A new id, and nobody can say whether the old one is gone: they wait',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isDoubtful('corp', 'Ann'),
        event.isIn('corp', 'Ann', { id: 'ann-2', ...number }),
        event.runs('corp'),
      ],
      outcome: [
        isTold('corp', 'Ann', 'waiting', 'nobody can say whether'),
        isActive('Ann'),
        wasDone('create'),
      ],
    },
    {
      name: 'A new id and the same address, but numbers do not count: a person must decide',
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isDeleted('corp', 'Ann'),
        event.runs('corp'),
        event.isIn('corp', 'Ann', { id: 'ann-2', ...number }),
        event.runs('corp'),
      ],
      outcome: [
        isTold('corp', 'Ann', 'conflict', 'employee-number in correlation would take them for one person'),
        isInactive('Ann'),
      ],
    },
    {
      name: 'A new id and the same address, but another employee number: somebody else got the address',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isDeleted('corp', 'Ann'),
        event.runs('corp'),
        event.isIn('corp', 'Ann', { id: 'ann-2', employeeNumber: '9999' }),
        event.runs('corp'),
      ],
      outcome: [isTold('corp', 'Ann', 'conflict', 'If the address was passed on'), isInactive('Ann')],
    },
    {
      name: 'A new id, and an operator says whose the profile is',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [
        event.isDeleted('corp', 'Ann'),
        event.runs('corp'),
        event.isIn('corp', 'Ann', { id: 'ann-2' }),
        event.isGiven('corp', 'ann-2', 'Ann'),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasDone('create', 'deactivate', 'adopt')],
    },
    {
      name: 'Somebody comes back whom an administrator had blocked by hand: they stay blocked',
      given: [event.isIn('corp', 'Ann'), event.runs('corp'), event.isBlockedByHand('Ann')],
      when: [
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
        event.isEnabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      outcome: [isInactive('Ann'), isTold('corp', 'Ann', 'left', 'is not unblocked by a sync')],
    },
    {
      name: 'The same, where everybody who is back is unblocked',
      settings: 'lifecycle: { reactivate: always }',
      given: [event.isIn('corp', 'Ann'), event.runs('corp'), event.isBlockedByHand('Ann')],
      when: [event.runs('corp')],
      outcome: [isActive('Ann')],
    },
    {
      name: 'Nobody is unblocked, where that is left to people',
      settings: 'lifecycle: { reactivate: never }',
      given: [
        event.isIn('corp', 'Ann'),
        event.runs('corp'),
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      when: [event.isEnabled('corp', 'Ann'), event.runs('corp')],
      outcome: [isInactive('Ann'), isTold('corp', 'Ann', 'left', 'lifecycle.reactivate')],
    },
  ],
};
