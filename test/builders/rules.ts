/** Rules from the few lines of configuration that a test is about. */
import type { Config } from '../../config/index.ts';
import { compileRules, type RuleProblem, type Rules } from '../../src/identity/index.ts';

interface Lines {
  readonly active?: string;
  readonly scope?: string;
  readonly exempt?: readonly string[];
  readonly mapping?: Config['mapping'];
}

const compile = ({ active = 'true', scope = 'true', exempt = [], mapping = { email: 'mail' } }: Lines) =>
  compileRules({ scope, mapping, lifecycle: { exempt: [...exempt] } }, { active }, 3);

/** @throws {Error} where they don't compile */
export function rules(lines: Lines): Rules {
  const compiled = compile(lines);
  if (compiled.kind === 'compiled') return compiled.rules;
  throw new Error(compiled.problems.map((problem) => problem.message).join('\n'));
}

export function ruleProblems(lines: Lines): readonly RuleProblem[] {
  const compiled = compile(lines);
  return compiled.kind === 'problems' ? compiled.problems : [];
}
