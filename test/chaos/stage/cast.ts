/** Rollcall's processes, kept alive as a container's restart policy would. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RollcallProcess, Stage } from '../../e2e/stage.ts';

export type Role = 'all' | 'scheduler' | 'worker';

/** The grace time of a service is 20 s; what takes longer than this has not stopped. */
const stopsWithinMs = 35_000;
const restartAfterMs = 500;

export interface Player {
  readonly role: Role;
  isUp(): boolean;
  untilUp(): Promise<void>;
  /** Ends it; it comes back after a while. Does nothing where it isn't up. @returns whether it was */
  strike(signal: 'SIGKILL' | 'SIGTERM', downMs: number): Promise<boolean>;
  /** Ends it for good. */
  dismiss(): Promise<void>;
}

export interface Cast {
  readonly players: readonly Player[];
  /** Everything that the processes logged, each life after the other. */
  log(): readonly string[];
  /** What a process did that nobody asked for. */
  readonly surprises: readonly string[];
  untilUp(): Promise<void>;
  dismiss(): Promise<void>;
}

export function assembleCast(stage: Stage, roles: readonly Role[]): Cast {
  const lives: RollcallProcess[] = [];
  const surprises: string[] = [];
  const players = roles.map((role) => play(stage, role, lives, surprises));
  return {
    players,
    surprises,
    log: () => lives.flatMap(({ log }) => log),
    untilUp: async () => void (await Promise.all(players.map((player) => player.untilUp()))),
    dismiss: async () => void (await Promise.all(players.map((player) => player.dismiss()))),
  };
}

function play(stage: Stage, role: Role, lives: RollcallProcess[], surprises: string[]): Player {
  let current: RollcallProcess | undefined;
  let isUp = false;
  let isAsked = false;
  let isOver = false;
  let downMs = restartAfterMs;

  const live = async (): Promise<void> => {
    const process = stage.startService(role);
    current = process;
    lives.push(process);
    isAsked = false;
    downMs = restartAfterMs;
    // One that finds no server ends by itself, and is started again.
    isUp = await process.untilEvent('service.started').then(
      () => true,
      () => false,
    );
    const wasUp = isUp;
    const status = await process.ended;
    isUp = false;
    if (wasUp && !isAsked)
      surprises.push(`A ${role} ended by itself with status ${status}: ${process.log.slice(-3).join('\n')}`);
  };
  const lives_ = (async () => {
    while (!isOver) {
      await live();
      if (!isOver) await sleep(downMs);
    }
  })();
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const process = current;
    if (process === undefined) return;
    isAsked = true;
    const timer = setTimeout(() => {
      surprises.push(`A ${role} was still there ${stopsWithinMs / 1_000} s after SIGTERM.`);
      void process.kill('SIGKILL');
    }, stopsWithinMs);
    await process.kill(signal);
    clearTimeout(timer);
  };

  return {
    role,
    isUp: () => isUp && !isAsked,
    async untilUp() {
      while (!(isUp && !isAsked)) await sleep(50);
    },
    async strike(signal, forMs) {
      if (!isUp || isAsked) return false;
      downMs = forMs;
      await end(signal);
      return true;
    },
    async dismiss() {
      isOver = true;
      await end('SIGTERM');
      await lives_;
    },
  };
}
