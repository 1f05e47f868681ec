/** What the rest of Rollcall uses of the configuration. */
export { configJsonSchema, type JsonSchema } from './json-schema.ts';
export { type LoadedConfig, type LoadOptions, loadConfig } from './load.ts';
export { ConfigError, type ConfigProblem, describeProblem, type KeyPath } from './problem.ts';
export { redactConfig } from './redact.ts';
export type {
  ChannelConfig,
  Config,
  EntraSourceConfig,
  LdapSourceConfig,
  LdifSourceConfig,
  NotifyConfig,
  ProfileApiConfig,
  SourceConfig,
} from './schema.ts';
export type { AlertEvent } from './sections/notify.ts';
export { sourceIdsOf } from './source-ids.ts';
export { suggest } from './suggest.ts';
export { warningsOf } from './warnings.ts';
export type { Sentence } from './words/chapter.ts';
export { type Chapter, configInWords } from './words/index.ts';
