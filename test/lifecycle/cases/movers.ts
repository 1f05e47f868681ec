import * as event from '../events.ts';
import { isActive, isInactive, isTold, shows, wasDone } from '../look.ts';
import type { Chapter } from '../step.ts';

export const movers: Chapter = {
  title: 'Movers: new names, new jobs, new departments',
  about:
    'The directory decides what the mapping names; everything else of a profile is left as it is. A change by hand in the org is put right, or left, as `authoritative` of that attribute says.',
  cases: [
    {
      name: 'Somebody has a new title',
      given: [event.isIn('corp', 'Ann', { title: 'Dev' }), event.runs('corp')],
      when: [
        event.changes('corp', 'Ann', { title: 'CTO' }, "Ann's title in corp becomes CTO"),
        event.runs('corp'),
      ],
      outcome: [shows('Ann', 'title', 'CTO'), wasDone('create', 'edit')],
    },
    {
      name: 'Somebody marries: name and address change, the account is the same',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [
        event.changes(
          'corp',
          'Ann',
          { name: 'Ann Miller', mail: 'ann.miller@example.com' },
          'Ann is Ann Miller now, with the address ann.miller@example.com',
        ),
        event.runs('corp'),
      ],
      outcome: [shows('Ann', 'email', 'ann.miller@example.com'), isActive('Ann'), wasDone('create', 'edit')],
    },
    {
      name: 'The new address is that of another profile: a person must decide',
      given: [event.isIn('corp', 'Ann'), event.isInOrg('Bob'), event.runs('corp')],
      when: [
        event.changes(
          'corp',
          'Ann',
          { mail: 'bob@example.com' },
          "Ann's address in corp becomes bob@example.com",
        ),
        event.runs('corp'),
      ],
      outcome: [isTold('corp', 'Ann', 'conflict', 'is already that of profile'), wasDone('create')],
    },
    {
      name: 'Somebody moves to a department that is out of scope',
      settings: 'scope: user.?ou.orValue("") != "Guests"',
      given: [event.isIn('corp', 'Ann', { department: 'Sales' }), event.runs('corp')],
      when: [
        event.changes('corp', 'Ann', { department: 'Guests' }, 'Ann moves to the department Guests'),
        event.runs('corp'),
      ],
      outcome: [isInactive('Ann'), wasDone('create', 'deactivate')],
    },
    {
      name: 'And back again',
      settings: 'scope: user.?ou.orValue("") != "Guests"',
      given: [
        event.isIn('corp', 'Ann', { department: 'Sales' }),
        event.runs('corp'),
        event.changes('corp', 'Ann', { department: 'Guests' }, 'Ann moves to the department Guests'),
        event.runs('corp'),
      ],
      when: [
        event.changes('corp', 'Ann', { department: 'Sales' }, 'Ann moves to the department Sales'),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasDone('create', 'deactivate', 'reactivate')],
    },
    {
      name: 'Somebody changes a title in the org by hand: the next run puts it right',
      given: [event.isIn('corp', 'Ann', { title: 'CTO' }), event.runs('corp')],
      when: [event.isEditedByHand('Ann', 'title', 'Boss'), event.runs('corp')],
      outcome: [shows('Ann', 'title', 'CTO')],
    },
    {
      name: 'The same, where a change by hand stays until the directory changes',
      settings: 'mapping: { email: mail, name: cn, title: { value: title, authoritative: false } }',
      given: [event.isIn('corp', 'Ann', { title: 'CTO' }), event.runs('corp')],
      when: [event.isEditedByHand('Ann', 'title', 'Boss'), event.runs('corp')],
      outcome: [shows('Ann', 'title', 'Boss'), wasDone('create')],
    },
    {
      name: 'Somebody is blocked by hand in the org, and their title changes: they stay blocked',
      given: [event.isIn('corp', 'Ann', { title: 'Dev' }), event.runs('corp'), event.isBlockedByHand('Ann')],
      when: [
        event.changes('corp', 'Ann', { title: 'CTO' }, "Ann's title in corp becomes CTO"),
        event.runs('corp'),
      ],
      outcome: [isInactive('Ann'), isTold('corp', 'Ann', 'left', 'is not unblocked by a sync')],
    },
    {
      name: 'A bad record stops nobody but its own person',
      given: [event.isIn('corp', 'Ann'), event.isIn('corp', 'Bob', { title: 'Dev' }), event.runs('corp')],
      when: [
        event.changes('corp', 'Ann', { mail: 'no address' }, "Ann's address in corp becomes “no address”"),
        event.changes('corp', 'Bob', { title: 'CTO' }, "Bob's title in corp becomes CTO"),
        event.runs('corp'),
      ],
      outcome: [
        isActive('Ann'),
        isTold('corp', 'Ann', 'skipped', 'is no e-mail address'),
        shows('Bob', 'title', 'CTO'),
      ],
    },
  ],
};
