/** One seed's installation: servers, a sandbox org with strangers in it, a directory, processes, and chaos to come. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Combination, type Stage, setStage } from '../../e2e/stage.ts';
import type { Chance } from '../chance.ts';
import { type Directory, foundDirectory, ldifOf } from '../model/directory.ts';
import type { SpokenPlan } from '../model/evidence.ts';
import { assembleCast, type Cast } from './cast.ts';
import { type Chaos, timeoutMs, unleash } from './faults.ts';
import { type Ground, layGround, type Servers } from './ground.ts';
import { type Look, lookInto } from './look.ts';
import { type Operator, operatorOf } from './operator.ts';

export const apiKey = 'canary-api-key-71b3';

export interface Scene {
  readonly chance: Chance;
  readonly stage: Stage;
  readonly ground: Ground;
  readonly cast: Cast;
  readonly chaos: Chaos;
  readonly operator: Operator;
  readonly look: Look;
  /** The directory as it was published last. */
  directory: Directory;
  /** People who had a profile before Rollcall came; people whom an administrator blocked. By address. */
  readonly adopted: ReadonlySet<string>;
  readonly blocked: Set<string>;
  readonly spoken: SpokenPlan[];
  readonly before: Stage['sandbox']['users'];
  publish(directory: Directory): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SceneOptions {
  readonly combination: Combination;
  readonly people: number;
  /** `profileApi.rateLimit.max`, per second: low, so that the work lasts until something goes wrong. */
  readonly rate: number;
}

const strangers = 12;

export async function setScene(chance: Chance, servers: Servers, options: SceneOptions): Promise<Scene> {
  const directory = foundDirectory(chance, options.people);
  const adopted = chance.some(directory.people, 4).flatMap(({ emails }) => emails);
  const ground = await layGround(options.combination, servers);
  const stage = await setStage({
    places: ground.places,
    sandbox: {
      apiKey,
      latencyMs: chance.between(0, 25),
      users: [
        ...Array.from({ length: strangers }, (_, index) => ({ email: `stranger${index}@elsewhere.example` })),
        ...adopted.map((email) => ({ email })),
      ],
    },
    profileApi: `rateLimit: { max: ${options.rate}, per: 1s }, timeout: ${timeoutMs}ms, pageSize: 50`,
    sources: `  - { id: people, type: ldif, file: people.ldif, active: 'user.employeeType != "left"' }`,
    more: `
mapping: { email: mail, username: mail, name: cn, first_name: givenName, organization_role: title }
lifecycle: { grace: 0s }
backup: { folder: backups }
retry: { backoff: 100ms, maxBackoff: 1s, attempts: ${chance.pick([6, 20])} }
`,
    // Each command is a process of its own: most of its time would be spent on compiling the same files again.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'rollcall-compile-cache') },
  });
  const cast = assembleCast(
    stage,
    options.combination === 'embedded' ? ['all'] : ['scheduler', 'worker', 'worker'],
  );
  const scene: Scene = {
    chance,
    stage,
    ground,
    cast,
    chaos: unleash(stage, ground, cast, chance.stream('faults')),
    operator: operatorOf(stage),
    look: lookInto(stage, ground),
    directory,
    adopted: new Set(adopted),
    blocked: new Set(),
    spoken: [],
    before: stage.sandbox.users,
    async publish(next) {
      scene.directory = next;
      await writeFile(join(stage.folder, 'people.ldif'), ldifOf(next));
    },
    async [Symbol.asyncDispose]() {
      await cast.dismiss();
      await stage[Symbol.asyncDispose]();
    },
  };
  await scene.publish(directory);
  return scene;
}
