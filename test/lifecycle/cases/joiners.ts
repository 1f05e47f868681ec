import * as event from '../events.ts';
import {
  hasNoProfile,
  isActive,
  isInactive,
  isLookedAtAgain,
  isTold,
  shows,
  wasDone,
  wasNeverTouched,
} from '../look.ts';
import type { Chapter } from '../step.ts';

export const joiners: Chapter = {
  title: 'Joiners',
  about:
    'Whoever is in the directory, active and in scope gets an account in the org, or an invitation. A profile that the org has already is adopted where a rule of `correlation` finds it, and never otherwise. Whoever has none gets none before their first day, where the directory is asked for it (`attributes.startDate`, `lifecycle.joinEarly`).',
  cases: [
    {
      name: 'Somebody new is entered in the directory',
      given: [],
      when: [event.isIn('corp', 'Ann', { title: 'CEO' }), event.runs('corp')],
      outcome: [isActive('Ann'), shows('Ann', 'title', 'CEO'), wasDone('create')],
    },
    {
      name: 'Somebody new has no e-mail address yet',
      given: [],
      when: [
        event.changes('corp', 'Ann', { mail: undefined }, 'Ann is entered in corp without an e-mail address'),
        event.runs('corp'),
      ],
      outcome: [hasNoProfile('Ann'), isTold('corp', 'Ann', 'skipped', 'They have no e-mail address')],
    },
    {
      name: 'The address is filled in a day later',
      given: [
        event.changes('corp', 'Ann', { mail: undefined }, 'Ann is entered in corp without an e-mail address'),
        event.runs('corp'),
      ],
      when: [
        event.pass(1, 'days'),
        event.isIn('corp', 'Ann', { mail: 'ann@example.com' }),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasDone('create')],
    },
    {
      name: 'Somebody new is entered, and their account is disabled until they begin',
      given: [],
      when: [
        event.isIn('corp', 'Ann', { isDisabled: true }),
        event.runs('corp'),
        event.isEnabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      outcome: [isActive('Ann'), wasDone('create')],
    },
    {
      name: 'Somebody new begins in three days: they wait for that day, and are looked at again when it comes',
      given: [],
      when: [event.isIn('corp', 'Ann', { startAt: event.at(72) }), event.runs('corp')],
      outcome: [
        hasNoProfile('Ann'),
        isTold('corp', 'Ann', 'waiting', 'their first day is 2026-03-05T12:00:00.000Z (employeeHireDate)'),
        isLookedAtAgain('corp', 'Ann', event.at(72)),
      ],
    },
    {
      name: 'And the day has come',
      given: [event.isIn('corp', 'Ann', { startAt: event.at(72) }), event.runs('corp')],
      when: [event.pass(3, 'days'), event.runs('corp')],
      outcome: [isActive('Ann'), wasDone('create')],
    },
    {
      name: 'Accounts are made two days before the first day',
      settings: 'lifecycle: { joinEarly: 2d }',
      given: [event.isIn('corp', 'Ann', { startAt: event.at(72) }), event.runs('corp')],
      when: [event.pass(1, 'days'), event.runs('corp')],
      outcome: [isActive('Ann'), wasDone('create')],
    },
    {
      name: 'Somebody begins later, and has a profile in the org already: it is theirs at once',
      given: [event.isInOrg('Ann')],
      when: [event.isIn('corp', 'Ann', { startAt: event.at(72) }), event.runs('corp')],
      outcome: [isActive('Ann'), wasDone('adopt')],
    },
    {
      name: 'Somebody new is out of scope',
      settings: 'scope: user.?ou.orValue("") != "Guests"',
      given: [],
      when: [event.isIn('corp', 'Ann', { department: 'Guests' }), event.runs('corp')],
      outcome: [hasNoProfile('Ann'), wasDone()],
    },
    {
      name: 'The org has a profile with their address already: it is theirs from now on',
      given: [event.isInOrg('Ann')],
      when: [event.isIn('corp', 'Ann', { title: 'CEO' }), event.runs('corp')],
      outcome: [isActive('Ann'), shows('Ann', 'title', 'CEO'), wasDone('adopt')],
    },
    {
      name: 'The profile that the org has already is blocked: it is adopted, and stays blocked',
      given: [event.isInOrg('Ann', { isActive: false })],
      when: [event.isIn('corp', 'Ann'), event.runs('corp'), event.runs('corp')],
      outcome: [isInactive('Ann'), isTold('corp', 'Ann', 'left', 'deactivated in the org by somebody else')],
    },
    {
      name: 'Two profiles in the org have their address: a person must decide',
      given: [event.isInOrg('Ann', { id: 'P-one' }), event.isInOrg('Ann', { id: 'P-two' })],
      when: [event.isIn('corp', 'Ann'), event.runs('corp')],
      outcome: [isTold('corp', 'Ann', 'conflict', '2 profiles have the email'), wasDone()],
    },
    {
      name: 'A profile has their address, but no rule adopts by address',
      settings: 'correlation: [username]',
      given: [event.isInOrg('Ann')],
      when: [event.isIn('corp', 'Ann'), event.runs('corp')],
      outcome: [isTold('corp', 'Ann', 'conflict', 'linked to nobody'), wasNeverTouched('Ann')],
    },
    {
      name: 'Two people in the directory have one e-mail address: neither gets an account',
      given: [],
      when: [
        event.isIn('corp', 'Ann', { mail: 'office@example.com' }),
        event.isIn('corp', 'Bob', { mail: 'office@example.com' }),
        event.runs('corp'),
      ],
      outcome: [
        isTold('corp', 'Ann', 'conflict', 'has the same e-mail address'),
        isTold('corp', 'Bob', 'conflict', 'has the same e-mail address'),
        wasDone(),
      ],
    },
    {
      name: 'Joiners are invited, and have a profile once they accept',
      settings: 'lifecycle: { onboard: invite }',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.accepts('Ann'), event.runs('corp')],
      outcome: [isActive('Ann')],
    },
    {
      name: 'Somebody was invited, and has not accepted: no second mail by itself',
      settings: 'lifecycle: { onboard: invite }',
      given: [event.isIn('corp', 'Ann'), event.runs('corp')],
      when: [event.pass(10, 'days'), event.runs('corp')],
      outcome: [hasNoProfile('Ann'), isTold('corp', 'Ann', 'waiting', 'has expired'), wasDone('invite')],
    },
    {
      name: 'An operator says that somebody is to be left alone',
      given: [event.isLeftAlone('corp', 'Ann')],
      when: [event.isIn('corp', 'Ann'), event.runs('corp')],
      outcome: [hasNoProfile('Ann'), isTold('corp', 'Ann', 'left', 'They are left alone')],
    },
  ],
};
