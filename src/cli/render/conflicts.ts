/** The conflicts of each source by kind, each with what to do, and the rulings in force. */
import type { ToldConflicts, ToldRuling } from '../../json/index.ts';
import { conflictKinds } from '../../store/people/conflict.ts';
import { conflictTitles } from '../../words/conflicts.ts';
import { printable } from '../../words/printable.ts';
import { timeInWords } from '../../words/time.ts';
import type { Screen } from './colours.ts';
import { personInWords } from './words.ts';
import { wrap } from './wrap.ts';

export function renderConflicts(
  views: readonly ToldConflicts[],
  screen: Screen,
  now: Date,
): readonly string[] {
  return views.flatMap((view, index) => [...(index === 0 ? [] : ['']), ...renderSource(view, screen, now)]);
}

function renderSource(view: ToldConflicts, screen: Screen, now: Date): readonly string[] {
  const { source, run, conflicts, rulings } = view;
  const { colour, width } = screen;
  const name = colour.bold(printable(source));
  if (run === null)
    return [
      `${name}: no run has seen everybody yet. \`rollcall plan\` makes one.`,
      ...inForce(rulings, screen),
    ];
  const when = run.plannedAt === null ? '' : timeInWords(new Date(run.plannedAt), now);
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
        colour.bold(colour.magenta(`${conflictTitles[kind]}: ${group.length}  (${kind})`)),
        ...group.flatMap((finding) => {
          const { name: who, label } = personInWords(finding);
          return [
            `${colour.magenta('!')} ${[who, ...(label === '' ? [] : [colour.dim(label)])].join('  ')}`,
            ...wrap(printable(finding.reason), width, 4).map(colour.dim),
            ...finding.remedies.map((text) => colour.cyan(`    ${printable(text)}`)),
          ];
        }),
      ];
    }),
    ...inForce(rulings, screen),
  ];
}

function inForce(rulings: readonly ToldRuling[], { colour, width }: Screen): readonly string[] {
  if (rulings.length === 0) return [];
  return [
    '',
    colour.bold(`What operators said: ${rulings.length}`),
    ...rulings.flatMap((ruling) => {
      const { name, label } = personInWords(ruling);
      const what =
        ruling.kind === 'ignore'
          ? 'is left alone'
          : `is to have profile ${printable(ruling.profileId ?? '')}`;
      const who = [name, ...(label === '' ? [] : [colour.dim(label)])].join('  ');
      const word = `${ruling.actor}: ${ruling.reason} (id ${ruling.anchor})`;
      return [`* ${who} ${what}`, ...wrap(printable(word), width, 4).map(colour.dim)];
    }),
  ];
}
