/**
 * Who may import whom. Imports run downwards only: a folder sees itself and what its line in `sees` names, so that a
 * connector can't learn about the org, the profile API's client not about directories, and reconciling stays pure.
 * A new folder in src/ needs a line of its own; without one, everything in it is a violation.
 */

const identityTypes = '^src/identity/(brand|calendar|identity|person|start-date)[.]ts$';
const profileTypes = '^src/profile-api/profile[.]ts$';
const storeTypes =
  '^src/store/(people/(claim|conflict|link|ruling)|departures/departure|operations/operation|schema)[.]ts$';
const connectorContract = '^connectors/(connector|watch|source-error)[.]ts$';
const [config, connectors] = ['^config/', '^connectors/index[.]ts$'];
const folder = (name) => `^src/${name}/`;
const folders = (...names) => names.map(folder);

/** What an engine is made of. */
const belowEngine = [
  'identity',
  'profile-api',
  'store',
  'audit',
  'notify',
  'reconcile',
  'plan',
  'offboarding',
  'queue',
  'schedule',
  'execute',
];

/** Low to high. */
const sees = {
  'src/compact': [],
  'src/identity': [config, profileTypes],
  'src/profile-api': [config, '^src/identity/brand[.]ts$', ...folders('compact', 'tracing')],
  'src/store': [config, connectorContract, identityTypes, profileTypes],
  'src/audit': [config, identityTypes, profileTypes, folder('store')],
  'src/notify': [config, identityTypes, '^src/profile-api/retry-after[.]ts$', ...folders('store', 'audit')],
  'src/schedule': [config, identityTypes],
  'src/reconcile': [config, folder('compact'), folder('identity'), profileTypes, storeTypes],
  'src/plan': [
    config,
    connectorContract,
    ...folders('identity', 'profile-api', 'store', 'audit', 'reconcile'),
  ],
  'src/offboarding': [config, ...folders('identity', 'profile-api', 'store', 'audit', 'reconcile', 'plan')],
  'src/queue': [config, ...folders('store', 'tracing'), '^src/profile-api/pace[.]ts$'],
  'src/execute': [
    config,
    ...folders('tracing', 'identity', 'profile-api', 'store', 'audit', 'reconcile', 'plan', 'queue'),
  ],
  'src/engine': [config, connectors, connectorContract, ...folders('tracing', ...belowEngine)],
  'src/words': [config, ...folders('identity', 'profile-api', 'store', 'audit', 'reconcile', 'engine')],
  'src/acts': [config, connectorContract, ...folders(...belowEngine, 'engine', 'words')],
  'src/json': [config, ...folders(...belowEngine, 'engine', 'words', 'acts')],
  'src/server': [
    config,
    connectorContract,
    ...folders(...belowEngine, 'engine', 'words', 'acts', 'json', 'html'),
  ],
  'src/html': [],
  'src/tracing': [],
  'src/sandbox': [profileTypes, folder('html')],
  'src/cli': [config, '^connectors/', '^src/(?!main[.]ts)'],
  config: [],
};

const ours = '^(src|connectors|config|test|bench)/';

const layers = Object.entries(sees).map(([name, allowed]) => ({
  name: `layer-of-${name.replace('src/', '')}`,
  comment: `${name} may import only itself and what stands in its line of \`sees\` in .dependency-cruiser.cjs.`,
  severity: 'error',
  from: { path: `^${name}/` },
  to: { path: ours, pathNot: [`^${name}/`, ...allowed] },
}));

/** Packages that one part wraps for all others. `type-only` imports are harmless where `typesIn` says so. */
const wrapped = [
  { name: 'ldapts', packages: ['ldapts'], usedIn: ['^connectors/ldap/'] },
  { name: 'graph', packages: ['@microsoft/microsoft-graph-client'], usedIn: ['^connectors/entra/graph/'] },
  { name: 'sign-in', packages: ['@azure/identity'], usedIn: ['^connectors/entra/sign-in/'] },
  { name: 'oidc', packages: ['openid-client'], usedIn: ['^src/server/access/oidc/'] },
  { name: 'got', packages: ['got'], usedIn: [...folders('profile-api', 'notify'), '^src/cli/elsewhere/'] },
  { name: 'mail', packages: ['nodemailer'], usedIn: ['^src/notify/channels/'] },
  {
    name: 'queue',
    packages: ['bullmq', 'ioredis'],
    usedIn: folders('queue'),
    typesIn: folders('tracing'),
  },
  { name: 'tracing', packages: ['@opentelemetry', 'bullmq-otel'], usedIn: folders('tracing') },
  {
    name: 'database',
    packages: ['pg', 'pg-pool', '@electric-sql/pglite'],
    usedIn: folders('store'),
    typesIn: folders('queue'),
  },
  {
    name: 'queries',
    packages: ['kysely'],
    usedIn: folders('store', 'audit', 'plan', 'offboarding', 'engine'),
    typesIn: folders('notify', 'queue', 'execute', 'acts', 'server', 'cli'),
  },
  { name: 'cron', packages: ['croner'], usedIn: ['^config/', folder('schedule')] },
  { name: 'cel', packages: ['@marcbachmann/cel-js'], usedIn: folders('identity') },
  {
    name: 'terminal',
    packages: ['commander', 'picocolors'],
    usedIn: ['^src/main[.]ts$', folder('cli')],
  },
];

/** `@types/pg` is `pg` too. */
const inNodeModules = (packages) => `node_modules/(@types/)?(${packages.join('|')})/`;

const packageRules = wrapped.flatMap(({ name, packages, usedIn, typesIn = [] }) => [
  {
    name: `package-${name}`,
    comment: `Only ${usedIn.join(', ')} may use ${packages.join(', ')}; others ask there.`,
    severity: 'error',
    from: { path: '^(src|connectors|config)/', pathNot: [...usedIn, ...typesIn] },
    to: { path: inNodeModules(packages) },
  },
  ...(typesIn.length === 0
    ? []
    : [
        {
          name: `package-${name}-types`,
          comment: `${typesIn.join(', ')} may import types of ${packages.join(', ')} and nothing else.`,
          severity: 'error',
          from: { path: typesIn },
          to: { path: inNodeModules(packages), dependencyTypesNot: ['type-only'] },
        },
      ]),
]);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'layer-unknown',
      comment: 'A folder of src/ without a line in `sees`. Say there what it may import.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: Object.keys(sees).map((name) => `^${name}/`) },
      to: {},
    },
    {
      name: 'connector-alone',
      comment:
        'A connector imports its own folder, the connector contract, identity types, compact tables and config. It knows nothing of the org or of other connectors.',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: {
        path: ours,
        pathNot: ['^connectors/$1/', connectorContract, identityTypes, folder('compact'), config],
      },
    },
    {
      name: 'connector-contract',
      comment: 'The contract that connectors share rests on identity types alone.',
      severity: 'error',
      from: { path: connectorContract },
      to: { path: ours, pathNot: [connectorContract, identityTypes] },
    },
    {
      name: 'connector-entry',
      comment:
        'From outside, a connector is reached through connectors/index.ts, which opens it by its entry file.',
      severity: 'error',
      from: { pathNot: '^connectors/[^/]+/' },
      to: { path: '^connectors/[^/]+/', pathNot: '/index[.]ts$' },
    },
    {
      name: 'reconcile-is-pure',
      comment: 'No clock, no I/O, no randomness, no packages: reconciling is a function of its arguments.',
      severity: 'error',
      from: { path: '^src/reconcile/' },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: '^(node:)?util$',
      },
    },
    {
      name: 'reconcile-types-of-store',
      comment: 'Reconciling knows what a link looks like and not how it is stored.',
      severity: 'error',
      from: { path: '^src/reconcile/' },
      to: { path: storeTypes, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'identity-without-io',
      comment: 'Scope and mapping are judged in memory.',
      severity: 'error',
      from: { path: '^src/identity/' },
      to: { dependencyTypes: ['core'] },
    },
    ...packageRules,
    {
      name: 'no-main',
      comment: 'The program starts at main.ts; nothing imports it.',
      severity: 'error',
      from: {},
      to: { path: '^src/main[.]ts$' },
    },
    {
      name: 'no-test',
      comment: 'What ships must not need the tests or the benchmarks.',
      severity: 'error',
      from: { path: '^(src|connectors|config)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'A file that imports nothing and that nothing imports is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: ['[.]d[.]ts$', '^src/server/console/assets/'] },
      to: {},
    },
    {
      name: 'no-undeclared-package',
      comment: 'The package is missing in package.json, or is there for development only.',
      severity: 'error',
      from: { path: '^(src|connectors|config)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      comment:
        'The file or package does not exist. (Microsoft publishes the types of Graph without a module.)',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@microsoft/microsoft-graph-types$' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^test/', '^bench/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
