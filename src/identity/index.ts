/** What a source tells, in one normal form, and the rules that say who belongs in the org and with which profile. */
export type { Brand } from './brand.ts';
export type { Anchor, Attributes, Identity, RecordPrint, SourceId } from './identity.ts';
export type { Leaver, Member, Person, Skipped } from './person.ts';
export {
  type CompiledOrNot,
  compileRules,
  type LesserAuthority,
  type RuleProblem,
  type Rules,
} from './rules.ts';
export { isSecretName } from './secret-name.ts';
export type { StartDate } from './start-date.ts';
export type { MappingStep, RuleStep, RuleTrace, StepOutcome } from './trace.ts';
