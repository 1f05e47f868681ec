/** Applies scope and mapping to one identity. Pure. */
import type { AttributeValue } from '../profile-api/profile.ts';
import { type Expression, ExpressionError, normalFormNames, type UserContext } from './expression.ts';
import type { Identity } from './identity.ts';
import type { Leaver, Person } from './person.ts';
import { isStorable, storableText } from './storable.ts';
import { userContext } from './user-context.ts';

export interface CompiledRules {
  /** False for somebody who has left. */
  readonly active: Expression;
  readonly scope: Expression;
  /** True of whom no rule deactivates, where any of them is. */
  readonly exempt: readonly Expression[];
  readonly mapping: readonly MappingRule[];
  /** Whether any of them is a real expression: a map of each person is made for those alone. */
  readonly hasExpressions: boolean;
}

export type MappingRule =
  | { readonly attribute: string; readonly kind: 'constant'; readonly value: AttributeValue }
  | { readonly attribute: string; readonly kind: 'attribute'; readonly name: string }
  | { readonly attribute: string; readonly kind: 'expression'; readonly expression: Expression };

/**
 * Tells a member, with the profile that they should have, from a leaver and from a bad record.
 *
 * @param now - tells whether a leave date has passed
 */
export function judge(
  identity: Identity,
  { active, scope, exempt, mapping, hasExpressions }: CompiledRules,
  now: Date,
): Person {
  const { anchor } = identity;
  // They go into findings and the audit log, where one that can't be stored would stop the whole run.
  const label = storableText(identity.label);
  const givenEmail = identity.email === undefined ? undefined : storableText(identity.email);
  const employeeNumber = numberOf(identity);
  const user = hasExpressions ? userContext(identity) : nobody;
  const skipped = (reason: string): Person => ({
    kind: 'skipped',
    anchor,
    label,
    email: givenEmail,
    ...employeeNumber,
    reason: storableText(reason),
  });

  if (anchor.length > longestAnchor)
    return skipped(
      `Their id has ${anchor.length} characters, and at most ${longestAnchor} can be kept. Choose another attribute as attributes.anchor.`,
    );

  const exemption = exemptionOf(exempt, user);
  if ('failure' in exemption)
    return skipped(`Whether they are exempt (lifecycle.exempt) could not be found out: ${exemption.failure}`);
  const exemptBy = exemption.rule === undefined ? {} : { exemptBy: exemption.rule };

  const leaver = (why: Leaver['why'], reason: string): Person => ({
    kind: 'leaver',
    anchor,
    label,
    email: givenEmail,
    ...employeeNumber,
    ...exemptBy,
    why,
    reason: storableText(reason),
  });

  const sourcesWord = whyLeft(identity, now);
  if (sourcesWord !== undefined) return leaver(identity.active ? 'leave-date' : 'disabled', sourcesWord);

  const isActive = verdict(active, user);
  if ('failure' in isActive)
    return skipped(`The rule that tells who is active could not be applied: ${isActive.failure}`);
  if (!isActive.value)
    return leaver('disabled', `The source says that they have left (${active.text} is false).`);

  const inScope = verdict(scope, user);
  if ('failure' in inScope) return skipped(`The scope could not be applied: ${inScope.failure}`);
  if (!inScope.value) return leaver('out-of-scope', `They are out of scope (${scope.text} is false).`);

  const desired: Record<string, AttributeValue> = {};
  for (const rule of mapping) {
    try {
      const value = apply(rule, user, identity);
      if (value === undefined) continue;
      if (!isStorable(value))
        return skipped(
          `The value of ${rule.attribute} has characters that are no text (a NUL or half a character). Mend it in the source.`,
        );
      desired[rule.attribute] = value;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return skipped(`The mapping of ${rule.attribute} could not be applied: ${error.message}`);
    }
  }
  const email = desired.email;
  if (email === undefined || email === null || email === '') {
    return skipped(
      'They have no e-mail address, and every user of the org needs one. Add it in the source, or map email to another attribute.',
    );
  }
  if (typeof email !== 'string' || !looksLikeEmail(email)) {
    return skipped(
      `${JSON.stringify(email)} is no e-mail address. Mend it in the source, or map email to another attribute.`,
    );
  }
  const { leaveAt: leavesAt, start } = identity;
  return {
    kind: 'member',
    anchor,
    label,
    email,
    ...employeeNumber,
    ...exemptBy,
    desired,
    ...(start === undefined ? {} : { start }),
    // No date is kept of whom none deactivates.
    ...(leavesAt === undefined || exemption.rule !== undefined ? {} : { leavesAt }),
  };
}

/** What literals are applied to. */
const nobody: UserContext = {};

/** Blanks around a number are a slip of somebody's hand, and make nobody another person. */
function numberOf({ employeeNumber }: Identity): { readonly employeeNumber?: string } {
  const number = employeeNumber === undefined ? '' : storableText(employeeNumber).trim();
  return number === '' ? {} : { employeeNumber: number };
}

/** The first rule that exempts somebody. */
function exemptionOf(
  rules: CompiledRules['exempt'],
  user: UserContext,
): { readonly rule: string | undefined } | { readonly failure: string } {
  for (const rule of rules) {
    const said = verdict(rule, user);
    if ('failure' in said) return said;
    if (said.value) return { rule: rule.text };
  }
  return { rule: undefined };
}

/** The source's own word that they have left, whatever the rules say. */
function whyLeft({ active, whyInactive, leaveAt, leaveAtFrom }: Identity, now: Date): string | undefined {
  if (!active) return whyInactive ?? 'The account is disabled in the source.';
  const hasLeft = leaveAt !== undefined && leaveAt <= now;
  if (!hasLeft) return undefined;
  const from = leaveAtFrom === undefined ? '' : ` (${leaveAtFrom})`;
  return `The source says that they left on ${leaveAt.toISOString()}${from}.`;
}

/** What a rule that must be true or false says of somebody. */
export function verdict(
  expression: Expression,
  user: UserContext,
): { readonly value: boolean } | { readonly failure: string } {
  try {
    const value = expression.evaluate(user);
    if (typeof value === 'boolean') return { value };
    return { failure: `${expression.text} gives ${JSON.stringify(value)}, but must be true or false.` };
  } catch (error) {
    if (error instanceof ExpressionError) return { failure: error.message };
    throw error;
  }
}

/** @throws {ExpressionError} when the rule can't be applied to them */
export function apply(rule: MappingRule, user: UserContext, identity: Identity): AttributeValue | undefined {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'expression':
      return rule.expression.evaluate(user);
    case 'attribute':
      return normalFormNames.has(rule.name)
        ? normalForm(rule.name, identity)
        : attributeValue(identity, rule.name);
    default:
      return rule satisfies never;
  }
}

/** What a rule sees under a name of the normal form. */
export function normalForm(name: string, identity: Identity): AttributeValue | undefined {
  switch (name) {
    case 'anchor':
      return identity.anchor;
    case 'source':
      return identity.source;
    case 'login':
      return identity.login;
    case 'email':
      return identity.email;
    case 'active':
      return identity.active;
    case 'leaveAt':
      return identity.leaveAt?.toISOString();
    case 'groups':
      return identity.groups;
    default:
      return undefined;
  }
}

function attributeValue(identity: Identity, name: string): string | undefined {
  const direct = identity.attributes[name];
  if (direct !== undefined) return direct[0];
  const lower = name.toLowerCase();
  for (const key in identity.attributes)
    if (key.toLowerCase() === lower) return identity.attributes[key]?.[0];
  return undefined;
}

/** Tables find people by it, and an index of PostgreSQL holds some 2,700 bytes. */
const longestAnchor = 500;

/** RFC 3696, erratum 1690: no path of a mail is longer. */
const longestEmail = 254;

/** One @ with something on both sides, and nothing that could end a header line. The profile API has the last word. */
const looksLikeEmail = (text: string): boolean =>
  text.length <= longestEmail && /^[^\s@<>,;"\p{Cc}]+@[^\s@<>,;"\p{Cc}]+$/u.test(text);
