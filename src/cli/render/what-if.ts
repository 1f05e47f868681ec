/** What another configuration would do otherwise, as a person reads it before they change the configuration. */
import type { SourceWhatIf } from '../../engine/index.ts';
import type { ChangedAttribute, ChangedStep, SketchedPlan, WhatIf } from '../../plan/index.ts';
import type { AttributeValue } from '../../profile-api/index.ts';
import type { OperationKind } from '../../store/operations/operation.ts';
import { printable, printableValue } from '../../words/printable.ts';
import { findingKinds, findingTitles, operationKinds, plural } from '../../words/words.ts';
import type { Screen } from './colours.ts';
import { type Extent, firstOf } from './plan-operations.ts';
import { paintOfKind, personInWords } from './words.ts';
import { wrap } from './wrap.ts';

export function renderWhatIf(
  result: SourceWhatIf,
  file: string,
  screen: Screen,
  extent: Extent,
): readonly string[] {
  const { colour, width } = screen;
  const source = printable(result.source);
  switch (result.kind) {
    case 'removed':
      return wrap(
        `${source}: ${printable(file)} has no such source. Its people would not be read any more, and stay as they are.`,
        width,
      );
    case 'added':
      return wrap(
        `${source}: a source that today's configuration has not. \`rollcall --config ${printable(file)} plan --source ${source}\` shows what it would do.`,
        width,
      );
    case 'compared':
      return [
        colour.bold(`${source}: ${printable(file)}, compared with today's configuration`),
        ...compared(result.whatIf, screen, extent),
      ];
    default:
      return result satisfies never;
  }
}

function compared(whatIf: WhatIf, screen: Screen, extent: Extent): readonly string[] {
  const { today, candidate, newly, noLonger, otherwise, attributes, alike } = whatIf;
  const isSame = newly.size + noLonger.size + otherwise.size === 0;
  return [
    ...totals(today, candidate, screen),
    ...groups('would also', newly, screen, extent, (step) => step.candidate?.reason),
    ...groups('would no longer', noLonger, screen, extent, (step) => step.today?.reason),
    ...groups('would differently', otherwise, screen, extent, () => undefined),
    ...attributes.flatMap((attribute, index) => [
      ...(index === 0 ? ['', screen.colour.bold('Attributes that would become others')] : []),
      ...attributeLines(attribute, screen),
    ]),
    ...findingLines(whatIf, screen, extent),
    '',
    ...(isSame ? wrap('It would do nothing else than today’s configuration does.', screen.width) : []),
    ...(whatIf.isPrecedenceNew
      ? wrap(
          'The two differ in precedence. What other sources would give by it is known only once they were read with it, so it is not in here.',
          screen.width,
        )
      : []),
    ...(alike === 0 ? [] : wrap(`${plural(alike, 'operation')} would be the same with both.`, screen.width)),
    ...guards('Today', today, screen),
    ...guards('With the file', candidate, screen),
    ...wrap(
      `${whatIf.wasReadTwice ? 'The source was read for each of the two.' : 'The source was read once for both.'} Nothing was stored, and nothing was sent.`,
      screen.width,
    ).map(screen.colour.dim),
  ];
}

function totals(today: SketchedPlan, candidate: SketchedPlan, { width }: Screen): readonly string[] {
  const one = `${today.identities} people read, ${today.inScope} in scope`;
  const other = `${candidate.identities} read, ${candidate.inScope} in scope`;
  return wrap(`Today: ${one}. With the file: ${other}.`, width);
}

function groups(
  verb: string,
  byKind: WhatIf['newly'],
  screen: Screen,
  extent: Extent,
  reasonOf: (step: ChangedStep) => string | undefined,
): readonly string[] {
  const { colour } = screen;
  return operationKinds.flatMap((kind) => {
    const steps = byKind.get(kind) ?? [];
    if (steps.length === 0) return [];
    return [
      '',
      paintOfKind(kind, colour)(`It ${verb} ${kind}: ${steps.length}`),
      ...firstOf(steps, extent, screen, (step) => [
        `  ${named(step, screen)}`,
        ...reasonLines(reasonOf(step), screen),
        ...(kind === 'create' || kind === 'invite' ? [] : valueLines(step, screen)),
      ]),
    ];
  });
}

function named(step: Pick<ChangedStep, 'email' | 'label'>, { colour }: Screen): string {
  const { name, label } = personInWords({ email: step.email ?? null, label: step.label });
  return [colour.bold(name), ...(label === '' ? [] : [colour.dim(label)])].join('  ');
}

const reasonLines = (reason: string | undefined, { colour, width }: Screen): readonly string[] =>
  reason === undefined ? [] : wrap(printable(reason), width, 4).map(colour.dim);

/** What would be sent with the file, beside what is sent today or is there. */
function valueLines({ today, candidate }: ChangedStep, screen: Screen): readonly string[] {
  if (candidate === undefined) return [];
  return Object.entries(candidate.after).map(
    ([name, value]) =>
      `    ${printable(name)}: ${screen.colour.red(inWords(today?.after[name] ?? candidate.before[name]))} → ${screen.colour.green(inWords(value))}`,
  );
}

const inWords = (value: AttributeValue | undefined): string =>
  value === undefined ? '(unknown)' : printableValue(value);

function attributeLines(
  { attribute, people, changes }: ChangedAttribute,
  { width }: Screen,
): readonly string[] {
  const told = changes.map(({ from, to, people: count }) => `${inWords(from)} → ${inWords(to)} (${count})`);
  const rest = people - changes.reduce((sum, change) => sum + change.people, 0);
  const others = rest === 0 ? '' : `; and ${rest} more`;
  return wrap(
    `${printable(attribute)}: ${plural(people, 'person', 'people')}: ${told.join('; ')}${others}`,
    width,
    2,
  );
}

function findingLines({ findings }: WhatIf, screen: Screen, extent: Extent): readonly string[] {
  return findingKinds.flatMap((kind) => {
    const group = findings.filter((finding) => finding.kind === kind);
    if (group.length === 0) return [];
    return [
      '',
      screen.colour.bold(`Also: ${findingTitles[kind]}: ${group.length}`),
      ...firstOf(group, extent, screen, (finding) => [
        `  ${named(finding, screen)}`,
        ...reasonLines(finding.reason, screen),
      ]),
    ];
  });
}

function guards(
  when: string,
  { holds, incomplete, operations }: SketchedPlan,
  screen: Screen,
): readonly string[] {
  const { colour, width } = screen;
  const counts = operationKinds.flatMap((kind: OperationKind) => {
    const count = operations.filter((operation) => operation.kind === kind).length;
    return count === 0 ? [] : [`${count} to ${kind}`];
  });
  const verdict = holds.length === 0 ? 'No guard would hold any of it.' : '';
  return [
    ...wrap(
      `${when}: ${counts.length === 0 ? 'nothing to do' : counts.join(', ')}. ${verdict}`.trim(),
      width,
    ),
    ...holds.flatMap((hold) => wrap(printable(`HELD: ${hold.sentence}`), width, 2).map(colour.yellow)),
    ...(incomplete === undefined
      ? []
      : wrap(printable(`INCOMPLETE READING, which removes nobody: ${incomplete}`), width, 2).map(colour.red)),
  ];
}
