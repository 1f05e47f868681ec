/** From a file and the environment to a configuration, or to the list of all that is wrong with it. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { interpolate } from './interpolate.ts';
import { configJsonSchema } from './json-schema.ts';
import { applyOverrides, type Override } from './overrides.ts';
import { ConfigError, type ConfigProblem, type KeyPath, type Place, pathText } from './problem.ts';
import type { Config, EntraSourceConfig } from './schema.ts';
import { validate } from './validate.ts';
import { warningsOf } from './warnings.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** Where a configuration is looked for. */
export interface LoadOptions {
  /** Path of the file; else `ROLLCALL_CONFIG`, else `config/rollcall.yaml`. Relative to `cwd`. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Where the command was given; the process's own folder unless told. */
  readonly cwd?: string | undefined;
}

/** A configuration that may be started with. */
export interface LoadedConfig {
  readonly config: Config;
  /** The file that was read, absolute. */
  readonly file: string;
  /** Sentences about what is allowed and still risky. */
  readonly warnings: readonly string[];
  /** A problem that the schema can't see, such as a mistake in an expression, with its place. */
  problemAt(path: KeyPath, message: string): ConfigProblem;
}

const defaultFile = 'config/rollcall.yaml';

/** The absolute path of the configuration that is meant. */
export const configFile = ({ file, env, cwd = process.cwd() }: LoadOptions): string =>
  resolve(cwd, file ?? (env.ROLLCALL_CONFIG || defaultFile));

async function readText(file: string): Promise<string> {
  const fail = (message: string, cause: unknown): never => {
    throw new ConfigError([{ file, line: undefined, column: undefined, path: '', message }], { cause });
  };
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof TypeError) return fail('the file is not in UTF-8; save it as UTF-8.', error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code !== 'ENOENT')
      return fail(`the configuration can't be read (${code}); look at the file's rights.`, error);
    return fail(
      'there is no configuration here. Begin with a copy of config/examples/openldap.yaml or ldif.yaml, or name another file with --config or ROLLCALL_CONFIG.',
      error,
    );
  }
}

function toData(yaml: YamlFile): { readonly data: unknown; readonly problem: string | undefined } {
  try {
    // Aliases of aliases can unfold to gigabytes; a hundred are more than anybody writes.
    return { data: yaml.document.toJS({ maxAliasCount: 100 }) ?? {}, problem: undefined };
  } catch {
    return {
      data: {},
      problem: 'an alias points to nothing, or there are far too many; write the values out.',
    };
  }
}

const startsWith = (path: KeyPath, beginning: KeyPath): boolean =>
  beginning.every((key, index) => path[index] === key);

/** A value from the environment has its variable for a place, any other its line. */
function placeOf(path: KeyPath, yaml: YamlFile, overrides: readonly Override[]): Place {
  const override = overrides.findLast((one) => startsWith(path, one.path));
  if (override !== undefined) return { file: override.variable, line: undefined, column: undefined };
  return yaml.placeOf(path);
}

/**
 * Paths in the configuration mean places beside the file, wherever the command is given from (cron starts in
 * another folder). The embedded store's default alone is in the folder of the command.
 */
function withAbsolutePaths(config: Config, folder: string, cwd: string, hasStorePath: boolean): Config {
  const beside = (path: string) => resolve(folder, path);
  const { profileApi, sources, database, backup, audit, retention, offboarding, notify, server } = config;
  const store = 'path' in database ? resolve(hasStorePath ? folder : cwd, database.path) : undefined;
  const backups = store === undefined ? resolve(cwd, 'data/backups') : join(dirname(store), 'backups');
  const archive = store === undefined ? resolve(cwd, 'data/archive') : join(dirname(store), 'archive');
  return {
    ...config,
    profileApi: profileApi.ca === undefined ? profileApi : { ...profileApi, ca: beside(profileApi.ca) },
    sources: sources.map((source) => {
      if (source.type === 'ldif') return { ...source, file: beside(source.file) };
      if (source.type === 'entra') return { ...source, auth: authWith(beside, source.auth) };
      const { ca, cert, key } = source.tls;
      const files = {
        ...(ca !== undefined && { ca: beside(ca) }),
        ...(cert !== undefined && { cert: beside(cert) }),
        ...(key !== undefined && { key: beside(key) }),
      };
      return { ...source, tls: { ...source.tls, ...files } };
    }),
    audit: audit.stream === undefined ? audit : { stream: streamWith(beside, audit.stream) },
    retention: {
      ...retention,
      archive: retention.archive === undefined ? archive : beside(retention.archive),
    },
    offboarding:
      offboarding.folder === undefined ? offboarding : { ...offboarding, folder: beside(offboarding.folder) },
    notify: {
      ...notify,
      baseUrl: notify.baseUrl ?? server.publicUrl,
      channels: channelsWith(beside, notify.channels),
    },
    database: store === undefined ? database : { path: store },
    backup:
      backup === 'off'
        ? backup
        : { ...backup, folder: backup.folder === undefined ? backups : beside(backup.folder) },
  };
}

function authWith(
  beside: (path: string) => string,
  auth: EntraSourceConfig['auth'],
): EntraSourceConfig['auth'] {
  if (auth.kind === 'certificate') return { ...auth, file: beside(auth.file) };
  return auth.kind === 'workload-identity' && auth.tokenFile !== undefined
    ? { ...auth, tokenFile: beside(auth.tokenFile) }
    : auth;
}

function channelsWith(
  beside: (path: string) => string,
  channels: Config['notify']['channels'],
): Config['notify']['channels'] {
  return Object.fromEntries(
    Object.entries(channels).map(([name, channel]) => [
      name,
      channel.ca === undefined ? channel : { ...channel, ca: beside(channel.ca) },
    ]),
  );
}

function streamWith(
  beside: (path: string) => string,
  stream: NonNullable<Config['audit']['stream']>,
): NonNullable<Config['audit']['stream']> {
  if ('file' in stream) return { file: beside(stream.file) };
  const { syslog } = stream;
  return syslog.ca === undefined ? stream : { syslog: { ...syslog, ca: beside(syslog.ca) } };
}

/**
 * Reads and checks the configuration: YAML, then `${env:NAME}` and `${file:/path}`, then the `ROLLCALL__...`
 * variables, then the schema. Relative paths in it (`ca`, `file`, `database.path`) are resolved against the file's
 * own folder; the default of `database.path` against `cwd`.
 *
 * @throws {ConfigError} with everything that is wrong.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { env } = options;
  const cwd = options.cwd ?? process.cwd();
  const file = configFile(options);
  const folder = dirname(file);

  const { yaml, problems: formProblems } = readYaml(await readText(file), file);
  if (formProblems.length > 0) throw new ConfigError(formProblems);
  const problems: ConfigProblem[] = [...(await interpolate(yaml, { env, folder }))];
  const written = toData(yaml);
  if (written.problem !== undefined)
    throw new ConfigError([...problems, { ...yaml.placeOf([]), path: '', message: written.problem }]);

  const schema = configJsonSchema();
  const { data, overrides, problems: nameProblems } = applyOverrides(written.data, env, schema);
  problems.push(...nameProblems);
  const verdict = validate(data, schema);
  // A value that could not be fetched has been named already.
  const named = new Set(problems.map(({ path }) => path).filter((path) => path !== ''));
  if (verdict.kind === 'invalid')
    for (const { path, message } of verdict.findings)
      if (!named.has(pathText(path)))
        problems.push({ ...placeOf(path, yaml, overrides), path: pathText(path), message });
  if (verdict.kind === 'invalid' || problems.length > 0) throw new ConfigError(problems);

  const hasStorePath = typeof data === 'object' && data !== null && 'database' in data;
  const config = withAbsolutePaths(verdict.config, folder, cwd, hasStorePath);
  const problemAt = (path: KeyPath, message: string): ConfigProblem => ({
    ...placeOf(path, yaml, overrides),
    path: pathText(path),
    message,
  });
  return { config, file, warnings: warningsOf(config), problemAt };
}
