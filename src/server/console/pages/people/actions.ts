/** What an operator can do about one person: only what makes sense as things are. */
import type { Engine, ExplainedPerson } from '../../../../engine/index.ts';
import { type Html, html } from '../../../../html/html.ts';
import { hiddenToken } from '../../layout.ts';
import { personPath } from '../../person-path.ts';

export function actions(
  person: ExplainedPerson,
  { config, sources }: Pick<Engine, 'config' | 'sources'>,
  csrf: string,
  now: Date,
): Html {
  const { link, departure, ruling, profile, label, source } = person;
  if (!sources.some(({ id }) => id === source)) return html``;
  const act = (name: string, title: string, help: string, more: Html, look: Look = {}): Html =>
    html`<form method="post" action="${personPath(person)}/${name}"${look.asks === undefined ? '' : html` data-confirm="${look.asks}"`} aria-labelledby="${name}-title">
${hiddenToken(csrf)}<h3 id="${name}-title">${title}</h3><p class="soft">${help}</p>${more}
<button type="submit" class="${look.isDangerous === true ? 'danger' : ''}">${title}</button></form>`;
  const because = (name: string): Html =>
    html`<label for="${name}-reason">Reason, for the audit log</label><input type="text" id="${name}-reason" name="reason" required maxlength="500" autocomplete="off">`;

  const hasLeft = departure !== undefined;
  const isInvited = profile.kind === 'none' && link !== undefined && link.profileId === undefined;
  const mayInvite = isInvited || (config.lifecycle.onboard === 'create-and-invite' && link !== undefined);
  return html`<section class="card" aria-labelledby="actions-title"><h2 id="actions-title">What you can do</h2>
<div class="actions">
${
  link === undefined || hasLeft
    ? ''
    : act(
        'offboard',
        'Offboard',
        'They are deactivated ahead of all other work, and no run brings them back until somebody says so.',
        html`${because('offboard')}<label for="offboard-at">When, if not now (such as 2026-03-31, or with a time: 2026-03-31 17:00)</label><input type="text" id="offboard-at" name="at" maxlength="40" autocomplete="off">`,
        { asks: `Deactivate ${label}?`, isDangerous: true },
      )
}
${
  hasLeft
    ? act(
        'reinstate',
        'Reinstate',
        departure.dueAt > now
          ? 'That they leave is taken back.'
          : 'The word that they left is taken back; the next run treats them by the rules again.',
        because('reinstate'),
      )
    : ''
}
${
  ruling?.kind === 'ignore'
    ? act('unignore', 'Stop ignoring', 'The next run treats them by the rules again.', because('unignore'))
    : act(
        'ignore',
        'Ignore',
        'All runs leave them alone, also when they leave, until somebody takes that back.',
        because('ignore'),
        { asks: `Leave ${label} alone in all runs, also when they leave?` },
      )
}
${act('resync', 'Resync this person', 'A run for them alone: their record is read, and what follows is done.', html``)}
${
  mayInvite
    ? act(
        'invite-again',
        'Invite again',
        `One more invitation by mail, of at most ${config.lifecycle.invite.atMost}.`,
        because('invite-again'),
      )
    : ''
}
</div></section>`;
}

interface Look {
  /** What is asked before it is done. */
  readonly asks?: string;
  readonly isDangerous?: boolean;
}
