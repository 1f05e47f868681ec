/** An explanation for machines: the same chain, with stable names, without secrets, as the explanation is. */
import type { ExplainedPerson, Explanation, Next, OpenOperation, SourceEntry } from '../engine/index.ts';
import type { RuleStep } from '../identity/index.ts';
import { reasonOfDeparture } from '../reconcile/index.ts';

import { inShort, nextInWords, stateInWords } from '../words/in-short.ts';
import { pastEvents } from '../words/past.ts';
import {
  absenceInWords,
  belongingInWords,
  departureInWords,
  lastRunInWords,
  rulingInWords,
  tieInWords,
} from '../words/person.ts';
import { iso } from './iso.ts';
import { operationJson } from './operation.ts';
import { rulingJson } from './ruling.ts';
import { runJson } from './run.ts';

/** An explanation, link by link. Its values are those that may be shown. */
export function explanationJson({ who, at, people, namesakes }: Explanation) {
  return {
    who,
    at: at.toISOString(),
    people: people.map((person) => personJson(person, at)),
    namesakes,
  };
}

function personJson(person: ExplainedPerson, now: Date) {
  const {
    source,
    anchor,
    label,
    email,
    entry,
    link,
    profile,
    comparison,
    ruling,
    departure,
    next,
    open,
    history,
  } = person;
  return {
    source,
    anchor,
    label,
    email: email ?? null,
    inShort: inShort(person, now),
    inWords: inWords(person, now),
    entry: entryJson(entry),
    link:
      link === undefined
        ? null
        : {
            origin: link.origin,
            profileId: link.profileId ?? null,
            applied: link.applied,
            unkept: link.unkept,
            absentSince: iso(link.absentSince),
            deletedSince: iso(link.deletedSince),
            deactivatedByRollcall: link.deactivatedByUs,
            deactivatedAt: iso(link.deactivatedAt),
            invitations: link.invitations,
            invitedAt: iso(link.invitedAt),
          },
    profile:
      profile.kind === 'there'
        ? {
            kind: profile.kind,
            profileId: profile.profile.profileId,
            email: profile.profile.email ?? null,
            isActive: profile.profile.isActive,
            attributes: profile.profile.attributes,
          }
        : profile,
    comparison: comparison.map(({ attribute, wanted, shown, compared, givenBy }) => ({
      attribute,
      wanted,
      givenBy: givenBy ?? null,
      shown: shown ?? null,
      isShown: shown !== undefined,
      result: compared.kind,
      whyLeft: compared.kind === 'left' ? compared.why : null,
    })),
    ruling: rulingJson(ruling),
    departure:
      departure === undefined
        ? null
        : {
            reason: reasonOfDeparture(departure),
            cause: departure.cause,
            actor: departure.actor,
            dueAt: departure.dueAt.toISOString(),
          },
    next: nextJson(next),
    open: open.map(openJson),
    history: {
      events: pastEvents(history).map((event, index) => {
        const entryOf = history.entries[index];
        return {
          entry: entryOf === undefined ? null : Number(entryOf.seq),
          at: event.at.toISOString(),
          action: entryOf?.action ?? null,
          kind: event.kind ?? null,
          what: event.what,
          run: entryOf?.run_id ?? null,
          runBy: (entryOf?.run_id != null ? history.runsBy.get(entryOf.run_id) : undefined) ?? null,
          actor: entryOf?.actor ?? null,
          approval: entryOf?.details.approval ?? null,
          onWhoseWord: event.onWhoseWord,
          reason: event.reason ?? null,
          message: event.message ?? null,
          before: event.before,
          after: event.after,
        };
      }),
      lastRun: history.lastRun === undefined ? null : runJson(history.lastRun),
      lastFinding:
        history.lastFinding === undefined
          ? null
          : { kind: history.lastFinding.kind, reason: history.lastFinding.reason },
    },
  };
}

function inWords(person: ExplainedPerson, now: Date) {
  const { entry, departure, ruling, next, history } = person;
  const { said = null, incomplete = null } = lastRunInWords(history, now);
  return {
    state: stateInWords(person, now),
    belonging: entry.kind === 'seen' ? belongingInWords(entry.person) : null,
    departure: departure === undefined ? null : departureInWords(departure, now),
    tie: tieInWords(person, now),
    ruling: ruling === undefined ? null : rulingInWords(ruling, now),
    next: nextInWords(next),
    lastRun: said,
    lastRunIncomplete: incomplete,
  };
}

function entryJson(entry: SourceEntry) {
  if (entry.kind === 'not-shown')
    return {
      kind: entry.kind,
      absence: entry.absence ?? null,
      incomplete: entry.incomplete ?? null,
      sentence: absenceInWords(entry),
    };
  if (entry.kind !== 'seen') return entry;
  const { identity, person, trace, incomplete } = entry;
  return {
    kind: entry.kind,
    incomplete: incomplete ?? null,
    label: identity.label,
    login: identity.login ?? null,
    email: identity.email ?? null,
    employeeNumber: identity.employeeNumber ?? null,
    isActive: identity.active,
    whyInactive: identity.whyInactive ?? null,
    leavesAt: iso(identity.leaveAt),
    leavesAtFrom: identity.leaveAtFrom ?? null,
    groups: identity.groups,
    attributes: identity.attributes,
    judgedAs: person.kind,
    reason: person.kind === 'member' ? null : person.reason,
    active: stepJson(trace.active),
    scope: stepJson(trace.scope),
    mapping: trace.mapping.map((step) => ({ attribute: step.attribute, ...stepJson(step) })),
  };
}

function stepJson({ rule, saw, outcome }: RuleStep) {
  return {
    rule,
    saw,
    outcome: outcome.kind,
    value: outcome.kind === 'value' ? outcome.value : null,
    failure: outcome.kind === 'failure' ? outcome.reason : null,
  };
}

function nextJson(next: Next) {
  switch (next.kind) {
    case 'operation': {
      const { kind, reason, profileId, before, after } = next.operation;
      const planned = { operation: kind, profileId: profileId ?? null, reason, before, after };
      return { kind: next.kind, ...planned, wasOrgListed: next.wasOrgListed };
    }
    case 'held':
      return {
        kind: next.kind,
        operation: operationJson(next.operation),
        wasOrgListed: next.wasOrgListed,
      };
    case 'finding':
      return {
        kind: next.kind,
        finding: next.finding.kind,
        reason: next.finding.reason,
        wasOrgListed: next.wasOrgListed,
      };
    case 'nothing':
      return { kind: next.kind, wasOrgListed: next.wasOrgListed };
    case 'unknown':
      return { kind: next.kind, reason: next.sentence };
    default:
      return next satisfies never;
  }
}

const openJson = ({ operation, guard, expiresAt }: OpenOperation) => ({
  ...operationJson(operation),
  guard: guard ?? null,
  expiresAt: iso(expiresAt),
});
