/** The rules applied to one person, step by step, for those who ask why. Pure. */
import type { AttributeValue } from '../profile-api/profile.ts';
import { type Expression, ExpressionError, normalFormNames } from './expression.ts';
import type { Attributes, Identity } from './identity.ts';
import { apply, type CompiledRules, type MappingRule, normalForm, verdict } from './judge.ts';
import { userContext } from './user-context.ts';

/** One rule, what it saw of the person, and what came of it. */
export interface RuleStep {
  /** As it is written in the configuration. */
  readonly rule: string;
  /** The names that it asks for and the values that it found; without those that the person does not have. */
  readonly saw: Readonly<Record<string, AttributeValue>>;
  readonly outcome: StepOutcome;
}

/** What one rule came to for one person. */
export type StepOutcome =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  /** The rule gives nothing for them. */
  | { readonly kind: 'unset' }
  | { readonly kind: 'failure'; readonly reason: string };

export interface MappingStep extends RuleStep {
  /** The profile attribute that it sets. */
  readonly attribute: string;
}

/** Every rule, also those to which `judge` does not come since an earlier one has decided. */
export interface RuleTrace {
  readonly active: RuleStep;
  readonly scope: RuleStep;
  readonly mapping: readonly MappingStep[];
}

export function trace(identity: Identity, { active, scope, mapping }: CompiledRules): RuleTrace {
  const user = userContext(identity);
  const truth = (rule: Expression): RuleStep => {
    const said = verdict(rule, user);
    const outcome: StepOutcome =
      'failure' in said ? { kind: 'failure', reason: said.failure } : { kind: 'value', value: said.value };
    return { rule: rule.text, saw: seen([...rule.names], identity), outcome };
  };
  return {
    active: truth(active),
    scope: truth(scope),
    mapping: mapping.map((rule) => ({
      attribute: rule.attribute,
      rule: textOf(rule),
      saw: seen(namesIn(rule), identity),
      outcome: outcomeOf(() => apply(rule, user, identity)),
    })),
  };
}

function outcomeOf(applied: () => AttributeValue | undefined): StepOutcome {
  try {
    const value = applied();
    return value === undefined ? { kind: 'unset' } : { kind: 'value', value };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { kind: 'failure', reason: error.message };
  }
}

function textOf(rule: MappingRule): string {
  switch (rule.kind) {
    case 'constant':
      return JSON.stringify(rule.value);
    case 'attribute':
      return rule.name;
    case 'expression':
      return rule.expression.text;
    default:
      return rule satisfies never;
  }
}

/** Everything of a person that a rule names. */
export function namesIn(rule: MappingRule): readonly string[] {
  if (rule.kind === 'expression') return [...rule.expression.names];
  return rule.kind === 'attribute' ? [rule.name] : [];
}

function seen(names: readonly string[], identity: Identity): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = normalFormNames.has(name)
        ? normalForm(name, identity)
        : oneOrAll(valuesOf(identity.attributes, name));
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** As the directory has it: names ignore case there. */
function valuesOf(attributes: Attributes, wanted: string): readonly string[] {
  const lower = wanted.toLowerCase();
  const name = Object.keys(attributes).find((one) => one.toLowerCase() === lower);
  return name === undefined ? [] : (attributes[name] ?? []);
}

const oneOrAll = (values: readonly string[]): AttributeValue | undefined =>
  values.length > 1 ? values : values[0];
