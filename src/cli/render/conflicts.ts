/** The conflicts of each source by kind, each with what to do, and the rulings in force. */
import { type ConflictKind, conflictKinds } from '../../store/conflict.ts';
import type { Ruling } from '../../store/ruling.ts';
import type { Run, RunFinding } from '../../store/runs.ts';
import { timeInWords } from '../../words/time.ts';
import type { Screen } from './colours.ts';
import { printable } from './printable.ts';
import { personInWords } from './words.ts';
import { wrap } from './wrap.ts';

export interface ConflictView {
  readonly source: string;
  /** The latest run that saw everybody; undefined where there has been none. */
  readonly run: Run | undefined;
  readonly conflicts: readonly RunFinding[];
  readonly rulings: readonly Ruling[];
}

const titles: Readonly<Record<ConflictKind, string>> = {
  'same-email-in-source': 'Two people of the source have one e-mail address',
  'several-profiles': 'Several profiles could be theirs',
  'profile-of-two-people': 'One profile could be that of two people',
  'email-held-by-other-person': "The profile with their e-mail address is somebody else's",
  'username-held-by-other-person': "The profile with their user name is somebody else's",
  'same-employee-number': 'Two people of the source have one employee number',
  'email-taken': 'A profile that is linked to nobody has their e-mail address',
  'deleted-in-org': 'Their profile was deleted in the org',
  'ruling-not-possible': 'An adoption that an operator asked for cannot be carried out',
};

/** Besides mending the cause, which each sentence names; `WHO` and `PROFILE` are filled in where they are known. */
const remedies: Readonly<Record<ConflictKind, readonly string[]>> = {
  'same-email-in-source': ['rollcall ignore WHO --reason "..."'],
  'several-profiles': ['rollcall adopt WHO --profile PROFILE --reason "..."'],
  'profile-of-two-people': ['rollcall adopt WHO --profile PROFILE --reason "..."'],
  'email-held-by-other-person': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (once its holder has left the source)',
    'rollcall ignore WHO --reason "..."',
  ],
  'username-held-by-other-person': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (once its holder has left the source)',
    'rollcall ignore WHO --reason "..."',
  ],
  'same-employee-number': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (once its holder has left the source)',
    'rollcall ignore WHO --reason "..."',
  ],
  'email-taken': ['rollcall adopt WHO --profile PROFILE --reason "..."'],
  'deleted-in-org': [
    'rollcall adopt WHO --profile PROFILE --reason "..."   (another profile)',
    'rollcall ignore WHO --reason "..."',
  ],
  'ruling-not-possible': ['rollcall unadopt WHO --reason "..."'],
};

/** The commands that settle one conflict, ready to be copied. */
export function remediesOf({ conflict, anchor, profile_id }: RunFinding): readonly string[] {
  if (conflict === null) return [];
  const profile = conflict === 'deleted-in-org' ? null : profile_id;
  return remedies[conflict].map((text) =>
    text.replace('WHO', anchor ?? 'WHO').replace('PROFILE', profile ?? 'PROFILE_ID'),
  );
}

export function renderConflicts(
  views: readonly ConflictView[],
  screen: Screen,
  now: Date,
): readonly string[] {
  return views.flatMap((view, index) => [...(index === 0 ? [] : ['']), ...renderSource(view, screen, now)]);
}

function renderSource(view: ConflictView, screen: Screen, now: Date): readonly string[] {
  const { source, run, conflicts, rulings } = view;
  const { colour, width } = screen;
  const name = colour.bold(printable(source));
  if (run === undefined)
    return [
      `${name}: no run has seen everybody yet. \`rollcall plan\` makes one.`,
      ...inForce(rulings, screen),
    ];
  const when = timeInWords(run.planned_at ?? run.requested_at, now);
  const head =
    conflicts.length === 0
      ? `nobody is in conflict, as run ${run.id} found ${when}.`
      : `${conflicts.length} in conflict, as run ${run.id} found ${when}.`;
  return [
    `${name}: ${printable(head)}`,
    ...conflictKinds.flatMap((kind) => {
      const group = conflicts.filter((finding) => finding.conflict === kind);
      if (group.length === 0) return [];
      return [
        '',
        colour.bold(colour.magenta(`${titles[kind]}: ${group.length}  (${kind})`)),
        ...group.flatMap((finding) => {
          const { name: who, label } = personInWords(finding);
          return [
            `${colour.magenta('!')} ${[who, ...(label === '' ? [] : [colour.dim(label)])].join('  ')}`,
            ...wrap(printable(finding.reason), width, 4).map(colour.dim),
            ...remediesOf(finding).map((text) => colour.cyan(`    ${printable(text)}`)),
          ];
        }),
      ];
    }),
    ...inForce(rulings, screen),
  ];
}

function inForce(rulings: readonly Ruling[], { colour, width }: Screen): readonly string[] {
  if (rulings.length === 0) return [];
  return [
    '',
    colour.bold(`What operators said: ${rulings.length}`),
    ...rulings.flatMap((ruling) => {
      const { name, label } = personInWords({ email: ruling.email ?? null, label: ruling.label });
      const what =
        ruling.kind === 'ignore' ? 'is left alone' : `is to have profile ${printable(ruling.profileId)}`;
      const who = [name, ...(label === '' ? [] : [colour.dim(label)])].join('  ');
      const word = `${ruling.actor}: ${ruling.reason} (id ${ruling.anchor})`;
      return [`* ${who} ${what}`, ...wrap(printable(word), width, 4).map(colour.dim)];
    }),
  ];
}
