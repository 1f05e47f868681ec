/** What can go wrong, each with a name to count it by. */
import type { FaultHandle, FaultRequest } from '../../../src/sandbox/index.ts';
import type { Stage } from '../../e2e/stage.ts';
import type { Chance } from '../chance.ts';
import type { Cast } from './cast.ts';
import type { Ground } from './ground.ts';

const blows = [
  'kill -9 of a worker',
  'kill -9 of the service',
  'SIGTERM of a process',
  'Redis flushed',
  'Redis restarted empty',
  'PostgreSQL restarted',
] as const;

const weathers = [
  'answer dropped before the effect',
  'answer dropped after the effect',
  '429, Retry-After in seconds',
  '429, Retry-After as a date',
  '500 burst',
  '503 burst',
  'slow answer',
  'answer after the time-out',
  'broken JSON with a 200, after the effect',
  'HTML with a 200',
  'list page that breaks',
  'list page that lacks rows',
] as const;

export const faultKinds = [...blows, ...weathers] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How often each was injected: a blow when it fell, an answer when it was given. */
export type FaultCounts = ReadonlyMap<FaultKind, number>;

/** The API's time-out in the configuration; an answer that comes later is lost, and its effect is there all the same. */
export const timeoutMs = 3_000;

export interface Chaos {
  /** Lets so many things go wrong, one after the other, with pauses between them. */
  rage(times: number): Promise<void>;
  /** Ends all that goes on by itself. */
  calm(): void;
  readonly counts: FaultCounts;
  /** What went wrong, in order, for the log. */
  readonly story: readonly string[];
}

export function unleash(stage: Stage, ground: Ground, cast: Cast, chance: Chance): Chaos {
  const begun = Date.now();
  const counts = new Map<FaultKind, number>();
  const story: string[] = [];
  const handles: { readonly kind: FaultKind; readonly handle: FaultHandle }[] = [];
  const count = (kind: FaultKind, times: number): void => {
    if (times > 0) counts.set(kind, (counts.get(kind) ?? 0) + times);
  };

  const possible = faultKinds.filter(
    (kind) =>
      (ground.redis !== undefined || !kind.startsWith('Redis')) &&
      (ground.databaseUrl !== undefined || !kind.startsWith('PostgreSQL')),
  );

  async function once(): Promise<void> {
    const blow = chance.percent(45);
    const kind = chance.pick(possible.filter((one) => isBlow(one) === blow));
    story.push(`${((Date.now() - begun) / 1_000).toFixed(1)} s: ${kind}`);
    if (isBlow(kind)) count(kind, (await strike(kind, ground, cast, chance)) ? 1 : 0);
    else
      for (const fault of weather(kind, chance)) handles.push({ kind, handle: stage.sandbox.fault(fault) });
  }

  return {
    story,
    async rage(times) {
      for (let done = 0; done < times; done += 1) {
        await new Promise((next) => setTimeout(next, chance.between(200, 1_600)));
        await once();
      }
    },
    calm() {
      stage.sandbox.clearFaults();
      story.push(`${((Date.now() - begun) / 1_000).toFixed(1)} s: calm`);
    },
    get counts() {
      const all = new Map(counts);
      for (const { kind, handle } of handles)
        if (handle.fired > 0) all.set(kind, (all.get(kind) ?? 0) + handle.fired);
      return all;
    },
  };
}

const isBlow = (kind: FaultKind): kind is (typeof blows)[number] =>
  (blows as readonly FaultKind[]).includes(kind);

/** @returns whether it hit anybody */
async function strike(
  kind: (typeof blows)[number],
  ground: Ground,
  cast: Cast,
  chance: Chance,
): Promise<boolean> {
  const downMs = chance.between(0, 2_500);
  const works = cast.players.filter(({ role }) => role !== 'scheduler');
  const serves = cast.players.filter(({ role }) => role !== 'worker');
  switch (kind) {
    case 'kill -9 of a worker':
      return await chance.pick(works).strike('SIGKILL', downMs);
    case 'kill -9 of the service':
      return await chance.pick(serves).strike('SIGKILL', downMs);
    case 'SIGTERM of a process':
      return await chance.pick(cast.players).strike('SIGTERM', downMs);
    case 'Redis flushed':
      await ground.redis?.flush();
      return true;
    case 'Redis restarted empty':
      await ground.restartRedis(downMs);
      return true;
    case 'PostgreSQL restarted':
      await ground.restartPostgres(downMs);
      return true;
    default:
      return kind satisfies never;
  }
}

function weather(kind: (typeof weathers)[number], chance: Chance): readonly FaultRequest[] {
  const writes = ['create', 'edit', 'invite'] as const;
  const often = { every: chance.between(1, 6), times: chance.between(1, 6) };
  const onWrites = (effect: FaultRequest['effect']): readonly FaultRequest[] =>
    writes.map((operation) => ({ operation, effect, ...often }));
  const everywhere = (effect: FaultRequest['effect'], times: number): readonly FaultRequest[] => [
    { operation: '*', effect, every: chance.between(1, 3), times },
  ];
  const retryAfterSeconds = chance.between(0, 2);
  switch (kind) {
    case 'answer dropped before the effect':
      return onWrites({ kind: 'drop', when: 'before' });
    case 'answer dropped after the effect':
      return onWrites({ kind: 'drop', when: 'after' });
    case '429, Retry-After in seconds':
      return everywhere({ kind: 'status', status: 429, retryAfterSeconds }, chance.between(3, 25));
    case '429, Retry-After as a date':
      return everywhere(
        { kind: 'status', status: 429, retryAfterSeconds, retryAfterForm: 'date' },
        chance.between(3, 25),
      );
    case '500 burst':
      return everywhere(
        { kind: 'status', status: 500, when: chance.pick(['before', 'after']) },
        chance.between(3, 15),
      );
    case '503 burst':
      return everywhere({ kind: 'status', status: 503, retryAfterSeconds: 1 }, chance.between(3, 15));
    case 'slow answer':
      return everywhere({ kind: 'delay', ms: chance.between(100, 900) }, chance.between(5, 30));
    case 'answer after the time-out':
      return onWrites({ kind: 'delay', ms: timeoutMs + chance.between(100, 600) });
    case 'broken JSON with a 200, after the effect':
      return onWrites({ kind: 'wrong-json', when: 'after' });
    case 'HTML with a 200':
      return everywhere({ kind: 'html', when: chance.pick(['before', 'after']) }, chance.between(1, 8));
    case 'list page that breaks':
      return [
        {
          operation: 'list',
          effect: chance.pick([{ kind: 'wrong-json' }, { kind: 'drop' }, { kind: 'status', status: 500 }]),
          ...often,
        },
      ];
    case 'list page that lacks rows':
      return [{ operation: 'list', effect: { kind: 'lose-rows', rows: chance.between(1, 20) }, ...often }];
    default:
      return kind satisfies never;
  }
}
