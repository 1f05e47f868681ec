/** A word about one person, as an operator or HR gives it, and what came of it. */

import type { RunId } from '../store/operations/operation.ts';
import type { Names } from '../store/people/find-links.ts';

/** Whom a word is about: by names that each have to fit, or by one that may be any of them. */
export type Who =
  | ({ readonly kind: 'names'; readonly source?: string | undefined } & Names)
  | { readonly kind: 'any'; readonly name: string; readonly source?: string | undefined };

/** When somebody leaves: a text is a time of the place where they work, and `now` is at once. */
export type When =
  | { readonly kind: 'now' }
  | { readonly kind: 'text'; readonly text: string; readonly timezone?: string | undefined };

/** What is said of somebody. */
export type Word =
  | {
      readonly kind: 'left';
      readonly who: Who;
      readonly when: When;
      readonly reason: string;
      readonly eventId?: string | undefined;
    }
  | {
      readonly kind: 'returns';
      readonly who: Who;
      readonly reason: string;
      readonly eventId?: string | undefined;
    };

/**
 * - `deactivating`: released; `inactive-already`: the same, though nothing will be left to do
 * - `waits`: right after other work for them; `scheduled`: at a time to come; `held`: by the guard, until somebody approves
 * - `noted`: they have no account, and get none; `left-already`: a word that says so stands
 * - `taken-back`, `nothing-to-take-back`
 * - `unknown`, `several`, `refused`, `bad-date`: nothing was done
 */
export type AnswerKind =
  | 'deactivating'
  | 'inactive-already'
  | 'waits'
  | 'scheduled'
  | 'held'
  | 'noted'
  | 'left-already'
  | 'taken-back'
  | 'nothing-to-take-back'
  | 'unknown'
  | 'several'
  | 'refused'
  | 'bad-date';

/** What came of a word. */
export interface Answer {
  readonly outcome: AnswerKind;
  /** For people. */
  readonly sentence: string;
  readonly run?: RunId | undefined;
}

/** Such as `ann@example.com`, or `email ann@example.com and login ann`. */
export function nameOf(who: Who): string {
  if (who.kind === 'any') return who.name;
  const names = [
    ...named('email', who.email),
    ...named('login', who.login),
    ...named('anchor', who.anchor),
    ...named('profile', who.profileId),
    ...named('employee number', who.employeeNumber),
  ];
  return names.length === 0 ? 'nobody' : names.join(' and ');
}

const named = (what: string, name: string | undefined): readonly string[] =>
  name === undefined ? [] : [`${what} ${name}`];
