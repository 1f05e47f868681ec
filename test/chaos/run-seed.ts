/** Everything that one seed decides: where, what, how much, what goes wrong; and what came of it. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Combination, combinations } from '../e2e/stage.ts';
import { chanceOf } from './chance.ts';
import { dueOf } from './model/due.ts';
import { examine } from './model/examine.ts';
import { firstLoad } from './scenarios/first-load.ts';
import { massLeaver } from './scenarios/mass-leaver.ts';
import { mixedDay } from './scenarios/mixed-day.ts';
import { settle } from './scenarios/settle.ts';
import { collectEvidence } from './stage/collect.ts';
import type { FaultCounts } from './stage/faults.ts';
import type { Servers } from './stage/ground.ts';
import { secretFindings } from './stage/secrets.ts';
import { type Scene, setScene } from './stage/set-scene.ts';

const scenarios = {
  'first load': firstLoad,
  'mixed day': mixedDay,
  'mass leaver': massLeaver,
} as const;

export type ScenarioName = keyof typeof scenarios;
const scenarioNames = ['first load', 'mixed day', 'mass leaver'] as const satisfies readonly ScenarioName[];

export interface SeedReport {
  readonly seed: number;
  readonly scenario: ScenarioName;
  readonly combination: Combination;
  readonly people: number;
  readonly effects: number;
  readonly operations: number;
  readonly faults: FaultCounts;
  readonly findings: readonly string[];
  /** Where the logs are, if there was a finding. */
  readonly logs: string | undefined;
  readonly durationMs: number;
}

/** Nine seeds in a row meet each scenario on each combination once. */
export const scenarioOf = (seed: number): ScenarioName => scenarioNames[seed % 3] ?? 'first load';
export const combinationOf = (seed: number): Combination =>
  combinations[Math.floor(seed / 3) % 3] ?? 'embedded';

export async function runSeed(seed: number, servers: Servers): Promise<SeedReport> {
  const begun = Date.now();
  const scenario = scenarioOf(seed);
  const combination = combinationOf(seed);
  const chance = chanceOf(seed);
  const people = scenario === 'first load' ? chance.between(100, 220) : chance.between(40, 80);
  const rate = scenario === 'first load' ? chance.between(40, 100) : chance.between(60, 150);
  const known = { seed, scenario, combination };
  try {
    await using scene = await setScene(chance, servers, { combination, people, rate });
    return { ...known, ...(await play(scene, seed, scenario)), durationMs: Date.now() - begun };
  } catch (error) {
    // Not even the scene could be set, or cleared away.
    const findings = [`It could not be played: ${sentenceOf(error)}`];
    const nothing = { people: 0, effects: 0, operations: 0, faults: new Map(), logs: undefined };
    return { ...known, ...nothing, findings, durationMs: Date.now() - begun };
  }
}

type Played = Omit<SeedReport, 'seed' | 'scenario' | 'combination' | 'durationMs'>;

async function play(scene: Scene, seed: number, scenario: ScenarioName): Promise<Played> {
  const findings = await scenes(scene, scenario).catch((error: unknown) => [
    `It did not come to its end: ${sentenceOf(error)}`,
  ]);
  findings.push(...scene.cast.surprises, ...scene.operator.surprises);
  const logs = findings.length === 0 ? undefined : await keepLogs(scene, seed, findings);
  const operations = await scene.look.rows('SELECT count(*) AS count FROM operations').catch(() => []);
  return {
    people: scene.directory.people.length,
    effects: scene.stage.sandbox.effects.length,
    operations: Number(operations[0]?.count ?? 0),
    faults: scene.chaos.counts,
    findings,
    logs,
  };
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function scenes(scene: Scene, scenario: ScenarioName): Promise<string[]> {
  await scenarios[scenario](scene);
  const unsettled = await settle(scene);
  const verified = await scene.operator.insist(['audit', 'verify'], /broken|changed|cut|removed/);
  const evidence = await collectEvidence(scene);
  return [
    ...unsettled,
    ...(verified.code === 0 ? [] : [`The audit log is not whole: ${verified.stdout}${verified.stderr}`]),
    ...examine(dueOf(scene.directory, scene), evidence),
    ...(await secretFindings(scene)),
  ];
}

/** The command that runs one seed again. */
export const commandFor = (seed: number): string => `npm run chaos -- --seeds 1 --from ${seed}`;

async function keepLogs(scene: Scene, seed: number, findings: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `rollcall-chaos-${seed}-`));
  const { cast, operator, chaos, stage, look } = scene;
  const rows = async (sql: string) =>
    (await look.rows(sql).catch(() => [])).map((row) => JSON.stringify(row)).join('\n');
  const files = {
    'findings.txt': findings.join('\n'),
    'chaos.txt': chaos.story.join('\n'),
    'services.log': cast.log().join('\n'),
    'commands.txt': operator.printed.join('\n\n'),
    'effects.jsonl': stage.sandbox.effects.map((effect) => JSON.stringify(effect)).join('\n'),
    'operations.jsonl': await rows('SELECT * FROM operations ORDER BY created_at, seq'),
    'runs.jsonl': await rows('SELECT * FROM runs ORDER BY requested_at'),
    'audit.jsonl': await rows('SELECT * FROM audit ORDER BY seq'),
    'links.jsonl': await rows('SELECT * FROM links'),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), `${text}\n`);
  return folder;
}
