import { ConfigError, type ConfigProblem, type LoadedConfig } from '../../config/index.ts';
import { filterProblem } from '../../connectors/index.ts';
import { compileRules, type Rules } from '../identity/index.ts';

/**
 * Compiles the rules of every source, in the order of the configuration, and looks for what the schema can't see: a
 * filter that can't be read, a mapping that can't create anybody.
 *
 * @throws {ConfigError} with every mistake and its place in the file
 */
export function rulesOf({ config, problemAt }: LoadedConfig): readonly Rules[] {
  const problems: ConfigProblem[] = [];
  const rules = config.sources.flatMap((source, index) => {
    const problem = filterProblem(source);
    if (problem !== undefined) problems.push(problemAt(['sources', index, 'filter'], problem));
    const compiled = compileRules(config, source, index);
    if (compiled.kind === 'compiled') return [compiled.rules];
    problems.push(...compiled.problems.map(({ path, message }) => problemAt(path, message)));
    return [];
  });
  if (config.lifecycle.onboard !== 'invite' && config.mapping.username === undefined) {
    const message =
      'It has no username: the profile API asks for one whenever somebody is created. Add, for example, username: mail';
    problems.push(problemAt(['mapping'], message));
  }
  if (problems.length === 0) return rules;
  // Scope and mapping are the same for every source; their mistakes are told once.
  const byText = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  throw new ConfigError([...byText.values()]);
}
