/** A folder with a configuration in it, for the loader's tests. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ConfigProblem, type LoadedConfig, loadConfig } from '../../config/index.ts';

export interface ConfigFolder extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  write(name: string, content: string | Buffer): Promise<string>;
  load(yaml: string | Buffer, env?: NodeJS.ProcessEnv): Promise<LoadedConfig>;
  /** What is wrong with it; throws where nothing is. */
  problemsOf(yaml: string | Buffer, env?: NodeJS.ProcessEnv): Promise<readonly ConfigProblem[]>;
}

export async function createConfigFolder(): Promise<ConfigFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'config-'));
  const file = join(folder, 'rollcall.yaml');
  const write = async (name: string, content: string | Buffer) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const load = async (yaml: string | Buffer, env: NodeJS.ProcessEnv = {}) => {
    await write('rollcall.yaml', yaml);
    return loadConfig({ file, env, cwd: '/somewhere' });
  };
  return {
    folder,
    file,
    write,
    load,
    async problemsOf(yaml, env) {
      try {
        await load(yaml, env);
      } catch (error) {
        if (error instanceof ConfigError) return error.problems;
        throw error;
      }
      throw new Error('the configuration is valid');
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** A small configuration that is right; `more` is put at its end. */
export const sound = (more = ''): string =>
  [
    'profileApi:',
    '  url: https://app.example.com',
    '  apiKey: key',
    'sources:',
    '  - id: corp',
    '    type: ldap',
    '    url: ldaps://ldap.example.com',
    '    baseDn: dc=example,dc=com',
    '  - id: hr-export',
    '    type: ldif',
    '    file: people.ldif',
    more,
  ].join('\n');
