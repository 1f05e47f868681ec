/** Scope and mapping, compiled from the configuration: what turns an identity into a person. */
import type { Config, SourceConfig } from '../../config/schema.ts';
import type { ProfileAttributes } from '../profile-api/profile.ts';
import { compileExpression, type Expression, ExpressionError, normalFormNames } from './expression.ts';
import type { Identity } from './identity.ts';
import { type CompiledRules, judge, type MappingRule } from './judge.ts';
import type { Person } from './person.ts';
import { isSecretName } from './secret-name.ts';
import { namesIn, type RuleTrace, trace } from './trace.ts';

/** The rules, ready to be applied. */
export interface Rules {
  /** The directory attributes that the rules ask for. */
  readonly attributes: readonly string[] | 'all';
  /** Whether any of the rules asks for somebody's groups. */
  readonly usesGroups: boolean;
  /** The profile attributes that the mapping sets. */
  readonly mapped: readonly string[];
  /** Those of them that it works out from somebody's groups. */
  readonly byGroups: readonly string[];
  /** Attributes over which the source has less than the whole say. */
  readonly authority: ReadonlyMap<string, LesserAuthority>;
  /** What the mapping always sets to the same value, such as a role: can be checked before a run. */
  readonly constants: ProfileAttributes;
  /** Profile attributes that nobody should read off a screen: named like a secret, or made of what is. */
  readonly secret: ReadonlySet<string>;
  /**
   * Whether they belong in the org, and as what. What fails skips this one person, by a reason.
   *
   * @param now - tells whether a leave date has passed
   */
  judge(identity: Identity, now: Date): Person;
  /** The same, rule by rule. */
  trace(identity: Identity): RuleTrace;
}

/**
 * How far the source's word goes for an attribute, where it isn't final. `on-change`: a change by hand in the org stays
 * until the source changes. `once`: set at creation, and the org's own from then on.
 */
export type LesserAuthority = 'on-change' | 'once';

/** A rule that can't be compiled, by its place in the configuration (`mapping.email`). */
export interface RuleProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The compiled rules, or else every problem found in them. */
export type CompiledOrNot =
  | { readonly kind: 'compiled'; readonly rules: Rules }
  | { readonly kind: 'problems'; readonly problems: readonly RuleProblem[] };

/** Attributes that a mapping may not set, and why. */
const reserved: Readonly<Record<string, string>> = {
  is_active:
    'the lifecycle rules decide who is active; write a scope, or the active rule of a source, instead',
  password: 'a random password is made for everybody who is created, and kept nowhere',
  confirm_password: 'a random password is made for everybody who is created, and kept nowhere',
  profile_id: 'the profile API gives it',
  user: 'the profile API gives it',
};

/** Compiles the rules that hold for one source. */
export function compileRules(
  config: Pick<Config, 'scope' | 'mapping'> & { readonly lifecycle: Pick<Config['lifecycle'], 'exempt'> },
  source: Pick<SourceConfig, 'active'>,
  sourceIndex: number,
): CompiledOrNot {
  const problems: RuleProblem[] = [];
  const compile = (
    path: RuleProblem['path'],
    text: string,
    result: 'bool' | 'value',
  ): Expression | undefined => {
    try {
      return compileExpression(text, result);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push({ path, message: error.excerpt ? `${error.message}\n${error.excerpt}` : error.message });
      return undefined;
    }
  };

  const active = compile(['sources', sourceIndex, 'active'], source.active, 'bool');
  const scope = compile(['scope'], config.scope, 'bool');
  const exempt = config.lifecycle.exempt.flatMap(
    (rule, index) => compile(['lifecycle', 'exempt', index], rule, 'bool') ?? [],
  );
  const authority = new Map<string, LesserAuthority>();
  const mapping = Object.entries(config.mapping).flatMap(([attribute, written]): readonly MappingRule[] => {
    const { value: rule, authoritative } =
      typeof written === 'object' ? written : { value: written, authoritative: true };
    if (authoritative !== true) authority.set(attribute, authoritative === 'initial' ? 'once' : 'on-change');
    const path = ['mapping', attribute];
    if (Object.hasOwn(reserved, attribute)) {
      problems.push({ path, message: `${attribute} can't be mapped: ${reserved[attribute]}.` });
      return [];
    }
    if (rule === 'all') {
      const message = 'all is no attribute. Name one of its lists, such as user.all.mail.';
      problems.push({ path, message });
      return [];
    }
    if (typeof rule !== 'string') return [{ attribute, kind: 'constant', value: rule }];
    if (isAttributeName(rule)) return [{ attribute, kind: 'attribute', name: rule }];
    const expression = compile(path, rule, 'value');
    if (expression === undefined) return [];
    const value = expression.isLiteral ? expression.evaluate({}) : undefined;
    return value === undefined
      ? [{ attribute, kind: 'expression', expression }]
      : [{ attribute, kind: 'constant', value }];
  });
  if (config.mapping.email === undefined) {
    const message = 'It has no email: every user of the org needs one. Add, for example, email: mail';
    problems.push({ path: ['mapping'], message });
  }
  if (active === undefined || scope === undefined) return { kind: 'problems', problems };

  const expressions = [
    ...[active, scope, ...exempt],
    ...mapping.flatMap((rule) => (rule.kind === 'expression' ? [rule.expression] : [])),
  ];
  const hasExpressions = expressions.some(({ isLiteral }) => !isLiteral);
  const compiled: CompiledRules = { active, scope, exempt, mapping, hasExpressions };
  const attributes = attributesOf(compiled);
  if (attributes !== 'all') problems.push(...spelledTwice(attributes));
  if (problems.length > 0) return { kind: 'problems', problems };

  const constants = mapping.flatMap((rule) =>
    rule.kind === 'constant' ? [[rule.attribute, rule.value]] : [],
  );
  return {
    kind: 'compiled',
    rules: {
      attributes,
      usesGroups: [active, scope, ...exempt].some((rule) => rule.usesGroups) || mapping.some(asksForGroups),
      mapped: mapping.map((rule) => rule.attribute),
      byGroups: mapping.filter(asksForGroups).map((rule) => rule.attribute),
      authority,
      constants: Object.fromEntries(constants),
      secret: new Set(
        mapping
          .filter((rule) => [rule.attribute, ...namesIn(rule)].some(isSecretName))
          .map(({ attribute }) => attribute),
      ),
      judge: (identity, now) => judge(identity, compiled, now),
      trace: (identity) => trace(identity, compiled),
    },
  };
}

/** An attribute description (RFC 4512, section 2.5) on its own; a CEL expression never looks like one. */
const isAttributeName = (rule: string): boolean => /^[A-Za-z][A-Za-z0-9-]*(;[A-Za-z0-9-]+)*$/.test(rule);

const asksForGroups = (rule: MappingRule): boolean =>
  rule.kind === 'expression'
    ? rule.expression.usesGroups
    : rule.kind === 'attribute' && rule.name === 'groups';

function attributesOf({ active, scope, exempt, mapping }: CompiledRules): Rules['attributes'] {
  const names = new Set<string>();
  for (const rule of mapping)
    if (rule.kind === 'attribute' && !normalFormNames.has(rule.name)) names.add(rule.name);
  const expressions = mapping.flatMap((rule) => (rule.kind === 'expression' ? [rule.expression] : []));
  for (const { attributes } of [active, scope, ...exempt, ...expressions]) {
    if (attributes === 'all') return 'all';
    for (const name of attributes) names.add(name);
  }
  return [...names];
}

/** Directories ignore case in names (RFC 4512, section 2.5), `user.Mail` does not: one spelling keeps both happy. */
function spelledTwice(names: readonly string[]): readonly RuleProblem[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (other === undefined) return [];
    return [
      {
        path: ['mapping'],
        message: `It says both ${other} and ${name}. Spell an attribute in one way everywhere.`,
      },
    ];
  });
}
