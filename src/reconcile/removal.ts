/** Leavers: who is deactivated or deleted, who is left as they are, and who waits. Pure; every branch gives its reason as a sentence. */
import type { Leaver } from '../identity/person.ts';
import type { Link } from '../store/people/link.ts';
import { type Decision, finding, operate, type Subject, unchanged } from './decision.ts';
import type { Policy } from './policy.ts';
import { decidePurge, isProtected } from './purge.ts';
import type { LinkedProfile } from './surroundings.ts';

/** Somebody of whom the source says that they left. */
export function decideLeaver(
  leaver: Leaver,
  link: Link | undefined,
  linked: LinkedProfile | undefined,
  policy: Policy,
): Decision {
  if (link === undefined) return unchanged;
  const { exemptBy, reason } = leaver;
  const decision = deactivate(leaver, link, linked, reason, policy);
  return exemptBy === undefined
    ? decision
    : exempted(decision, leaver, reason, `lifecycle.exempt: ${exemptBy}`);
}

/** Somebody whom a complete reading missed, and of whom a look-up by anchor says that they are gone. */
export function decideAbsent(link: Link, linked: LinkedProfile, now: Date, policy: Policy): Decision {
  const decision = decideGone(link, linked, now, policy);
  if (!link.exempt || !policy.exempts) return decision;
  const since = link.deletedSince ?? link.absentSince ?? now;
  const reason = `They are gone from the source since ${since.toISOString()}.`;
  return exempted(
    decision,
    link,
    reason,
    'lifecycle.exempt, which was true of them when they were last seen',
  );
}

/** Whatever there was to do about somebody whom no rule deactivates: it is told, and not done. */
function exempted(decision: Decision, subject: Subject, reason: string, rule: string): Decision {
  const isTold = decision.kind === 'finding' && decision.finding.kind === 'left';
  if (decision.kind === 'unchanged' || isTold) return decision;
  const word = 'Nothing is done about it, unless HR or an operator says that they left: they are exempt';
  return finding('left', subject, `${reason} ${word} (${rule}).`);
}

function decideGone(link: Link, linked: LinkedProfile, now: Date, policy: Policy): Decision {
  const subject: Subject = { anchor: link.anchor, label: link.label, email: link.email };
  // Promise 2: the source's own word needs no grace.
  if (link.deletedSince !== undefined)
    return deactivate(
      subject,
      link,
      linked,
      'Their entry was deleted in the source; a look-up confirmed it.',
      policy,
    );
  const since = link.absentSince ?? now;
  const due = new Date(since.getTime() + policy.graceMs);
  if (now < due) {
    if (linked.kind !== 'there' || !linked.profile.isActive) return unchanged;
    return finding(
      'waiting',
      subject,
      `They are gone from the source since ${since.toISOString()}, and will be deactivated after ${due.toISOString()} if they stay away.`,
    );
  }
  return deactivate(
    subject,
    link,
    linked,
    `They are gone from the source since ${since.toISOString()}; a look-up confirmed it.`,
    policy,
  );
}

function deactivate(
  subject: Subject,
  link: Link,
  linked: LinkedProfile | undefined,
  reason: string,
  policy: Policy,
): Decision {
  if (linked === undefined) {
    const what =
      link.origin === 'invited'
        ? 'They left, but were invited and have no profile yet. An invitation cannot be withdrawn; if they accept it, they are deactivated.'
        : 'They left, but their profile is not in the listing yet. They are deactivated when it is.';
    return finding('waiting', subject, what);
  }
  if (linked.kind === 'deleted') return unchanged;
  const { profile } = linked;
  if (!profile.isActive) return decidePurge(subject, link, profile, reason, policy);
  if (profile.profileId === policy.ownProfile) {
    return finding(
      'left',
      subject,
      "They left, but their profile is the account of Rollcall's own API key, which is never changed. Give Rollcall a key of its own.",
    );
  }
  if (isProtected(profile, link, subject.email, policy)) {
    return finding(
      'left',
      subject,
      'They left, but guards.protected names them. Deactivate them by hand, or take them off the list.',
    );
  }
  const named = { ...subject, email: subject.email ?? profile.email ?? link.email };
  return operate('deactivate', named, profile.profileId, reason, {
    before: { is_active: true },
    after: { is_active: false },
    desired: link.applied,
  });
}
