import * as event from '../events.ts';
import {
  belongsTo,
  hasProfiles,
  isActive,
  isInactive,
  isTold,
  shows,
  waitsForApproval,
  wasDone,
  wasNeverDeactivated,
} from '../look.ts';
import type { Chapter } from '../step.ts';

const byNumber = 'correlation: [email, employee-number]';
const byAddress = 'lifecycle: { handOver: correlation }';
const number = { employeeNumber: '4711' };

export const sources: Chapter = {
  title: 'Several directories, and directories that are merged',
  about:
    'Whoever is in several directories is kept by the first one, in the order of the configuration. Single attributes can be taken from another one that has them too (`precedence`): what that one said last stands until it says otherwise. When it loses them and another one has them in its scope, their profile passes to that one: nobody is deactivated and brought back in passing. Each run reads one directory; it leaves a note of whom it has in its scope while another one keeps them, and a run that is about to deactivate somebody looks at those notes. A note counts for 48 hours. Two directories mean the same person where the employee number is the same (`correlation` with `employee-number`), or, with `lifecycle.handOver: correlation`, where any rule of correlation finds them and no numbers differ.',
  cases: [
    {
      name: 'Somebody is in both directories: the first one keeps them',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', { ...number, title: 'CEO' }),
        event.isIn('cloud', 'Ann', { ...number, title: 'Boss' }),
      ],
      when: [event.runs('corp', 'cloud', 'corp', 'cloud')],
      outcome: [
        belongsTo('Ann', 'corp'),
        shows('Ann', 'title', 'CEO'),
        isTold('cloud', 'Ann', 'left', 'Source corp, which goes before this one'),
        wasDone('create'),
      ],
    },
    {
      name: 'The first one keeps them, and one attribute is the second one’s to say',
      settings: `${byNumber}\nprecedence: { title: [cloud, corp] }`,
      given: [
        event.isIn('corp', 'Ann', { ...number, title: 'CEO' }),
        event.isIn('cloud', 'Ann', { ...number, title: 'COO' }),
      ],
      when: [event.runs('corp', 'cloud', 'corp')],
      outcome: [
        belongsTo('Ann', 'corp'),
        shows('Ann', 'title', 'COO'),
        isTold('cloud', 'Ann', 'left', 'This one goes first for title (precedence)'),
        wasDone('create', 'edit'),
      ],
    },
    {
      name: 'The same, and the second one has no value: the first one’s counts',
      settings: `${byNumber}\nprecedence: { title: [cloud, corp] }`,
      given: [
        event.isIn('corp', 'Ann', { ...number, title: 'CEO' }),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud', 'corp'),
      ],
      when: [],
      outcome: [shows('Ann', 'title', 'CEO'), wasDone('create')],
    },
    {
      name: 'The second one has had the say over an attribute, and loses them: what the first one says counts again',
      settings: `${byNumber}\nprecedence: { title: [cloud] }`,
      given: [
        event.isIn('corp', 'Ann', { ...number, title: 'CEO' }),
        event.isIn('cloud', 'Ann', { ...number, title: 'COO' }),
        event.runs('corp', 'cloud', 'corp'),
      ],
      when: [event.isDisabled('cloud', 'Ann'), event.runs('cloud', 'corp')],
      outcome: [belongsTo('Ann', 'corp'), shows('Ann', 'title', 'CEO'), isActive('Ann')],
    },
    {
      name: 'The second one has the say over an attribute, and can not be read for days: what it said last stands',
      settings: `${byNumber}\nprecedence: { title: [cloud] }`,
      given: [
        event.isIn('corp', 'Ann', { ...number, title: 'CEO' }),
        event.isIn('cloud', 'Ann', { ...number, title: 'COO' }),
        event.runs('corp', 'cloud', 'corp'),
      ],
      when: [event.isDown('cloud'), event.pass(30, 'days'), event.runs('corp')],
      outcome: [shows('Ann', 'title', 'COO'), wasDone('create', 'edit')],
    },
    {
      name: 'Somebody is handed over to the directory that has the say over an attribute, and the other one keeps nothing back',
      settings: `${byNumber}\nprecedence: { title: [corp, cloud] }`,
      given: [
        event.isIn('corp', 'Ann', { ...number, title: 'CEO' }),
        event.isIn('cloud', 'Ann', { ...number, title: 'COO' }),
        event.runs('corp', 'cloud'),
      ],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp', 'cloud', 'corp', 'cloud')],
      outcome: [belongsTo('Ann', 'cloud'), shows('Ann', 'title', 'COO'), isActive('Ann')],
    },
    {
      name: 'Two people of one address, as far as anybody knows: neither directory gives anything to the other’s',
      settings: 'precedence: { title: [cloud] }',
      given: [event.isIn('corp', 'Ann', { title: 'CEO' }), event.isIn('cloud', 'Ann', { title: 'COO' })],
      when: [event.runs('corp', 'cloud', 'corp')],
      outcome: [shows('Ann', 'title', 'CEO'), wasDone('create')],
    },
    {
      name: 'Somebody is in both directories, and the second one was read first: the first one takes them',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.isIn('cloud', 'Ann', number), event.runs('cloud')],
      when: [event.runs('corp', 'cloud')],
      outcome: [belongsTo('Ann', 'corp'), isActive('Ann'), wasDone('create', 'adopt')],
    },
    {
      name: 'Somebody is in both, and leaves the first one: they are handed over',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud'),
      ],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp', 'cloud')],
      outcome: [
        belongsTo('Ann', 'cloud'),
        isActive('Ann'),
        wasNeverDeactivated('Ann'),
        wasDone('create', 'adopt'),
      ],
    },
    {
      name: 'Somebody is in both, and their entry in the first one is deleted',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud'),
      ],
      when: [event.isDeleted('corp', 'Ann'), event.runs('corp')],
      outcome: [
        isTold('corp', 'Ann', 'waiting', 'source cloud has them in its scope as uid=ann'),
        isActive('Ann'),
        wasDone('create'),
      ],
    },
    {
      name: 'Somebody moves from one directory to the other between two runs',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [
        event.isGone('corp', 'Ann'),
        event.isIn('cloud', 'Ann', number),
        event.runs('cloud', 'corp', 'cloud'),
      ],
      outcome: [belongsTo('Ann', 'cloud'), isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'The same, and the directory that they left is read first: the grace time keeps the account',
      settings: byNumber,
      given: [event.isIn('corp', 'Ann', number), event.runs('corp')],
      when: [event.isGone('corp', 'Ann'), event.isIn('cloud', 'Ann', number), event.runs('corp', 'cloud')],
      outcome: [belongsTo('Ann', 'cloud'), isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'Somebody left one directory long ago, and turns up in the other: they have their account back',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.runs('corp'),
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      when: [event.pass(200, 'days'), event.isIn('cloud', 'Ann', number), event.runs('cloud')],
      outcome: [belongsTo('Ann', 'cloud'), isActive('Ann'), wasDone('create', 'deactivate', 'adopt')],
    },
    {
      name: 'Tenants are merged, and addresses are all that both have in common',
      settings: byAddress,
      given: [event.isIn('corp', 'Ann'), event.isIn('cloud', 'Ann'), event.runs('corp', 'cloud')],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp', 'cloud')],
      outcome: [belongsTo('Ann', 'cloud'), isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'The same address in both, and nothing says that they are one person: a person must decide',
      given: [event.isIn('corp', 'Ann'), event.isIn('cloud', 'Ann')],
      when: [event.runs('corp', 'cloud')],
      outcome: [
        isTold('cloud', 'Ann', 'conflict', 'belongs to uid=ann of source corp'),
        belongsTo('Ann', 'corp'),
      ],
    },
    {
      name: 'The same address in both without numbers, and one says that they left: nobody is deactivated without a person’s word',
      given: [event.isIn('corp', 'Ann'), event.isIn('cloud', 'Ann'), event.runs('corp', 'cloud')],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp')],
      outcome: [
        isActive('Ann'),
        waitsForApproval('corp', 'Ann', 'But source cloud has uid=ann in its scope'),
        wasDone('create'),
      ],
    },
    {
      name: 'The same, and the other directory no longer has them either',
      given: [
        event.isIn('corp', 'Ann'),
        event.isIn('cloud', 'Ann'),
        event.runs('corp', 'cloud'),
        event.isDisabled('corp', 'Ann'),
        event.runs('corp'),
      ],
      when: [event.isDisabled('cloud', 'Ann'), event.runs('cloud', 'corp')],
      outcome: [isInactive('Ann'), wasDone('create', 'deactivate')],
    },
    {
      name: 'The same address in both, but other employee numbers: two people',
      settings: `${byAddress}\ncorrelation: [email, employee-number]`,
      given: [
        event.isIn('corp', 'Ann', { employeeNumber: '1' }),
        event.isIn('cloud', 'Ann', { employeeNumber: '2' }),
        event.runs('corp', 'cloud'),
      ],
      when: [event.isDisabled('corp', 'Ann'), event.runs('corp', 'cloud')],
      outcome: [isInactive('Ann'), isTold('cloud', 'Ann', 'conflict', 'If the address was passed on')],
    },
    {
      name: 'The second directory can not be read for days: its note is out of date, and who left is deactivated',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud'),
      ],
      when: [event.isDown('cloud'), event.pass(72), event.isDisabled('corp', 'Ann'), event.runs('corp')],
      outcome: [isInactive('Ann')],
    },
    {
      name: 'It is read again later: they have their account back',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud'),
      ],
      when: [event.pass(72), event.isDisabled('corp', 'Ann'), event.runs('corp'), event.runs('cloud')],
      outcome: [belongsTo('Ann', 'cloud'), isActive('Ann')],
    },
    {
      name: 'Somebody leaves both on the same day',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud'),
      ],
      when: [event.isDisabled('corp', 'Ann'), event.isDisabled('cloud', 'Ann'), event.runs('cloud', 'corp')],
      outcome: [isInactive('Ann'), wasDone('create', 'deactivate')],
    },
    {
      name: 'Somebody was handed over, and comes back to the first directory',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud'),
        event.isDisabled('corp', 'Ann'),
        event.runs('corp', 'cloud'),
      ],
      when: [event.isEnabled('corp', 'Ann'), event.runs('corp', 'cloud')],
      outcome: [belongsTo('Ann', 'corp'), isActive('Ann'), wasNeverDeactivated('Ann')],
    },
    {
      name: 'The reading of the first directory breaks off: nobody is handed over for being missed',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', number),
        event.isIn('cloud', 'Ann', number),
        event.runs('corp', 'cloud'),
      ],
      when: [event.breaksOff('corp'), event.runs('cloud')],
      outcome: [belongsTo('Ann', 'corp'), isActive('Ann')],
    },
    {
      name: 'Two people of two directories have nothing to do with each other',
      settings: byNumber,
      given: [
        event.isIn('corp', 'Ann', { employeeNumber: '1' }),
        event.isIn('cloud', 'Bob', { employeeNumber: '2' }),
      ],
      when: [event.runs('corp', 'cloud'), event.isDisabled('corp', 'Ann'), event.runs('corp', 'cloud')],
      outcome: [isInactive('Ann'), isActive('Bob'), hasProfiles('Bob', 1)],
    },
  ],
};
