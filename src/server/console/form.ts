/** Forms: what they are made of, and what comes of them. */
import { z } from 'zod';
import { type Html, html } from '../../html/html.ts';
import { PageError } from './errors.ts';
import { hiddenToken } from './layout.ts';
import type { Done, Visit } from './routes.ts';
import { written } from './written.ts';

const longestReason = 1_000;

const given = z.object({ reason: written(longestReason).default('') });

/** Why somebody does something, in their words. @returns undefined where they gave none */
export function reasonIn({ request }: Pick<Visit, 'request'>): string | undefined {
  const parsed = given.safeParse(request.body ?? {});
  return parsed.success && parsed.data.reason !== '' ? parsed.data.reason : undefined;
}

/** @throws {PageError} where it is no form of ours */
export function formIn<Schema extends z.ZodType>(
  { request }: Pick<Visit, 'request'>,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  throw new PageError(
    400,
    'Not understood',
    'Nothing was done: the form was not filled in as this page asks for it.',
  );
}

/** What a cookie can hold, whatever the script that it is written in. */
const longestNotice = 600;

const notice = (kind: Done['notice']['kind'], to: string, text: string): Done => ({
  to,
  notice: {
    kind,
    text: text.length > longestNotice ? `${text.slice(0, longestNotice).toWellFormed()}…` : text,
  },
});

export const done = (to: string, text: string): Done => notice('done', to, text);
export const refused = (to: string, text: string): Done => notice('refused', to, text);

export const withoutReason = (to: string): Done =>
  refused(to, 'Nothing was done: a reason is needed. It is kept in the audit log.');

/** @param id - one to a page, for the label */
export const reasonField = (
  id: string,
  hint = 'Your reason, kept in the audit log',
  { isOptional = false } = {},
): Html =>
  html`<div class="field wide"><label for="${id}">${hint}</label>
<input id="${id}" name="reason"${isOptional ? '' : html` required`} maxlength="${longestReason}" autocomplete="off"></div>`;

export interface Button {
  readonly text: string;
  /** Where it leads, where that is not where the form does. */
  readonly action?: string;
  readonly kind?: 'main' | 'danger';
}

export const button = ({ text, action, kind }: Button): Html =>
  html`<button type="submit"${kind === undefined ? '' : html` class="${kind}"`}${action === undefined ? '' : html` formaction="${action}"`}>${text}</button>`;

/** @param action - what it is sent to */
export const postForm = (action: string, csrf: string, content: Html): Html =>
  html`<form method="post" action="${action}">${hiddenToken(csrf)}${content}</form>`;

export interface Choice {
  readonly value: string;
  readonly text: string;
}

export const select = (
  { id, name, label }: { readonly id: string; readonly name: string; readonly label: string },
  choices: readonly Choice[],
  chosen: string | undefined,
): Html => html`<div class="field"><label for="${id}">${label}</label>
<select id="${id}" name="${name}">${choices.map(
  ({ value, text }) =>
    html`<option value="${value}"${value === (chosen ?? '') ? html` selected` : ''}>${text}</option>`,
)}</select></div>`;
