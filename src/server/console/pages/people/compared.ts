/** The mapping, attribute by attribute: what it gives, what the org has, and what follows. */
import type { ComparedAttribute, ExplainedPerson } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import type { MappingStep } from '../../../../identity/index.ts';
import { leftInWords } from '../../../../words/person.ts';
import { table } from '../../table.ts';
import { sawValues, shownValue } from './values.ts';

export function comparedAttributes(
  { comparison, link }: Pick<ExplainedPerson, 'comparison' | 'link'>,
  steps: readonly MappingStep[],
): Html {
  const byName = new Map(comparison.map((one) => [one.attribute, one]));
  return table(
    'Attributes',
    ['Attribute', 'Rule', 'Gives', 'In the org', 'What follows'],
    steps.map((step) => {
      const compared = byName.get(step.attribute);
      const { tag, text } = verdictOn(step, compared, link?.applied[step.attribute] !== undefined);
      return html`<tr><th scope="row">${step.attribute}</th>
<td class="text">${ruleOf(step)}</td><td class="text">${given(step)}${insteadOf(compared)}</td>
<td class="text">${inOrg(compared)}</td><td class="text">${tag} ${text}</td></tr>`;
    }),
  );
}

/** A plain attribute's name says by itself what it saw. */
function ruleOf({ rule, saw }: MappingStep): Html {
  const isPlain = Object.keys(saw).length === 1 && saw[rule] !== undefined;
  return html`<code>${rule}</code> ${isPlain ? '' : sawValues(saw)}`;
}

function given({ outcome }: MappingStep): Html {
  switch (outcome.kind) {
    case 'value':
      return shownValue(outcome.value);
    case 'unset':
      return html`<span class="soft">nothing</span>`;
    case 'failure':
      return html`<strong class="no">${outcome.reason}</strong>`;
    default:
      return outcome satisfies never;
  }
}

/** Another source's value that goes first. */
const insteadOf = (compared: ComparedAttribute | undefined): Html =>
  compared?.givenBy === undefined
    ? html``
    : html` <small>source ${compared.givenBy} goes first for it, and gives ${shownValue(compared.wanted)}</small>`;

function inOrg(compared: ComparedAttribute | undefined): Html {
  if (compared === undefined) return html``;
  return compared.shown === undefined
    ? html`<span class="soft">never shown</span>`
    : shownValue(compared.shown);
}

interface Verdict {
  readonly tag: Html;
  readonly text: string;
}

function verdictOn(
  { outcome }: MappingStep,
  compared: ComparedAttribute | undefined,
  wasSent: boolean,
): Verdict {
  if (compared === undefined)
    return { tag: html``, text: outcome.kind === 'unset' ? 'not set, and left as it is in the org' : '' };
  const { shown, compared: how } = compared;
  switch (how.kind) {
    case 'same':
      return {
        tag: html`<span class="tag good">same</span>`,
        text: shown === undefined ? 'as it was last sent' : '',
      };
    case 'differs':
      return {
        tag: html`<span class="tag wait">differs</span>`,
        text: shown === undefined && wasSent ? 'another value was last sent' : '',
      };
    case 'left':
      return { tag: html`<span class="tag">left</span>`, text: leftInWords[how.why] };
    default:
      return how satisfies never;
  }
}
