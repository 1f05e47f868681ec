/** `rollcall backup` and `rollcall restore FILE`: the org in a file, and a plan to go back to it. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Engine } from '../../engine/index.ts';
import { backupRule, PlanError, planRestore, readBackup, saveOrg } from '../../plan/index.ts';
import type { Profile } from '../../profile-api/index.ts';
import { holders } from '../../store/people/links.ts';
import { chosenSources } from '../chosen-sources.ts';
import { type ExitCode, exitCodes, UsageError, worst } from '../exit.ts';
import { rollcallHere } from '../rollcall/here.ts';
import type { Session } from '../session.ts';
import { showPlan } from './show-plan.ts';

export async function backup(session: Session): Promise<ExitCode> {
  const { terminal, signal, isJson, actor } = session;
  return await session.withEngine(async (engine) => {
    const rule = backupRule(engine.config);
    if (rule === undefined)
      throw new UsageError('Backups are switched off by the configuration (backup: off). Nothing was saved.');
    const { store, api, log } = engine;
    const bar = terminal.progress('Saving the org');
    const onListed = (profiles: number): void => bar.update({ done: profiles, text: `${profiles} profiles` });
    const means = { db: store.db, api, log, signal, now: () => new Date(), onListed };
    const asked = { rule, actor, run: undefined, listed: undefined };
    const saved = await saveOrg(means, asked).finally(() => bar.stop());
    if (isJson) terminal.json(saved);
    else terminal.line(`${saved.profiles} profiles are saved in ${saved.file}`);
    return exitCodes.done;
  });
}

export interface RestoreOptions {
  readonly source?: string;
}

export async function restore(session: Session, file: string, { source }: RestoreOptions): Promise<ExitCode> {
  const saved = readBackup(await textOf(session.pathOf(file)), /\.csv$/i.test(file) ? 'csv' : 'jsonl');
  return await session.withEngine(async (engine) => {
    const { api, config, store } = engine;
    const present = await listed(engine, session.signal);
    const ownProfile = (await api.whoAmI(session.signal)).profileId;
    const codes: ExitCode[] = [];
    for (const { id } of chosenSources(engine, source)) {
      const { plan, operations } = await planRestore(
        store.db,
        {
          source: id,
          actor: session.actor,
          saved,
          name: basename(file),
          present,
          ownProfile,
          protectedNames: config.guards.protected,
          expiryMs: config.guards.planExpiry,
        },
        new Date(),
      );
      showPlan(session, await rollcallHere(session, engine).plan(plan), false);
      codes.push(operations > 0 ? exitCodes.held : exitCodes.done);
    }
    await tellOfOthers(
      session,
      engine,
      saved.map(({ profile }) => profile),
      present,
    );
    return worst(codes);
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`The backup ${file} can't be read: ${reason}`, { cause });
  }
}

/** @throws {PlanError} where the listing can't be relied on: whom it lacks would be taken for deleted */
async function listed({ api }: Engine, signal: AbortSignal): Promise<readonly Profile[]> {
  const profiles: Profile[] = [];
  for await (const event of api.listProfiles({ signal })) {
    if (event.kind === 'profiles') profiles.push(...event.profiles);
    else if (!event.settled) throw new PlanError(`${event.doubt} Nothing was planned; try again.`);
  }
  return profiles;
}

/** What no plan has, since it is nobody's of ours. */
async function tellOfOthers(
  { terminal }: Session,
  { store }: Engine,
  saved: readonly Profile[],
  present: readonly Profile[],
): Promise<void> {
  const linked = await holders(store.db);
  const then = new Set(saved.map(({ profileId }) => profileId));
  const unlinked = saved.filter(({ profileId }) => !linked.has(profileId)).length;
  const since = present.filter(({ profileId }) => !then.has(profileId)).length;
  terminal.note(
    `Not touched: ${unlinked} profiles of the backup that are not linked, and ${since} made after it.`,
  );
  terminal.note(
    'What the API never returns (phone, role and the like) is in no backup; the next run sends it from the source.',
  );
}
