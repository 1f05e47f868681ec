/** Letting guards give way in one run: an approver's word, with a number of people and a reason. */
import { z } from 'zod';
import { html } from '../../../../html/html.ts';
import type { Raise } from '../../../../store/runs/runs.ts';
import type { RaisableGuard } from '../../../../store/schema.ts';
import { whyNotRaised } from '../../../access/raising.ts';
import { formIn, reasonField, reasonIn } from '../../form.ts';
import type { Visit } from '../../routes.ts';

const whatItCounts: Readonly<Record<RaisableGuard, string>> = {
  maxDeactivations: 'People who are deactivated',
  maxEdits: 'People of whom the same attribute changes',
  maxBlanked: 'People of whom an attribute becomes empty',
  maxShrink: 'People who are gone from the source at once',
  maxMissing: 'Linked profiles that are missing in the org',
  maxFailures: 'Operations that may fail before the rest is held',
};

const most = 999_999_999;

export const raising = html`<details class="act wide"><summary>Let a guard give way</summary>
<p class="soft">In this run alone, up to the number that you give; in the next one everything is as it is configured. It is kept with the run and in the audit log.</p>
<div class="raises">${Object.entries(whatItCounts).map(
  ([guard, what]) =>
    html`<div class="field"><label for="raise-${guard}">${what}</label>
<input id="raise-${guard}" name="${guard}" type="number" min="1" max="${most}" step="1" inputmode="numeric" autocomplete="off"></div>`,
)}${reasonField('raise-reason', 'Why it gives way', { isOptional: true })}</div></details>`;

/** An empty field leaves the guard as it is configured. */
const people = z
  .union([z.literal('').transform(() => undefined), z.coerce.number().int().min(1).max(most)])
  .optional();

const inForm = z.object({
  maxDeactivations: people,
  maxEdits: people,
  maxBlanked: people,
  maxShrink: people,
  maxMissing: people,
  maxFailures: people,
} satisfies Record<RaisableGuard, typeof people>);

export type RaiseInForm =
  | { readonly kind: 'given'; readonly raise: Raise | undefined }
  | { readonly kind: 'refused'; readonly sentence: string };

/** @throws {PageError} where a number is none */
export function raiseIn(visit: Visit): RaiseInForm {
  const given = Object.entries(formIn(visit, inForm));
  const guards: Raise['guards'] = Object.fromEntries(given.filter(([, count]) => count !== undefined));
  if (Object.keys(guards).length === 0) return { kind: 'given', raise: undefined };
  const sentence = whyNotRaised(visit.visitor);
  if (sentence !== undefined) return { kind: 'refused', sentence };
  const reason = reasonIn(visit);
  return reason === undefined
    ? {
        kind: 'refused',
        sentence: 'No run was made: say why the guard gives way. It is kept in the audit log.',
      }
    : { kind: 'given', raise: { guards, reason } };
}
