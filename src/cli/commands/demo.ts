/** `rollcall demo`: a whole org of its own, and the life of some people in it. */
import { once } from 'node:events';
import pino from 'pino';
import { loadConfig } from '../../../config/index.ts';
import { viewPlan } from '../../acts/index.ts';
import { verifyAudit } from '../../audit/index.ts';
import {
  type ConfiguredSource,
  type Engine,
  openEngine,
  startService,
  waitForRun,
} from '../../engine/index.ts';
import { planJson } from '../../json/index.ts';
import { rejectPlan } from '../../plan/index.ts';
import { createMetrics } from '../../server/metrics/index.ts';
import { startServer } from '../../server/server.ts';
import { requestRun } from '../../store/runs/runs.ts';
import { markLeft, movePerson, renamePerson } from '../demo/changes.ts';
import { type Scene, setScene } from '../demo/scene.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { renderPlan } from '../render/index.ts';
import { countsInWords } from '../run-result.ts';
import type { Session } from '../session.ts';

export interface DemoOptions {
  readonly once?: boolean;
}

export async function demo(session: Session, options: DemoOptions): Promise<ExitCode> {
  const { terminal, signal } = session;
  terminal.line('Rollcall demo: an org of its own, on this machine only. Nothing of yours is touched.');
  const scene = await setScene();
  try {
    const loaded = await loadConfig({ file: scene.configFile, env: {} });
    const metrics = createMetrics();
    const engine = await openEngine(loaded, pino({ level: 'silent' }), { meters: metrics.meters });
    const roles = ['scheduler', 'worker', 'console'] as const;
    const server = await startServer(engine, { roles, metrics });
    const service = await startService(engine, roles);
    try {
      await tell(session, engine, scene);
      if (!options.once) {
        whereToLook(session, scene, server.url);
        if (!signal.aborted) await once(signal, 'abort');
      }
    } finally {
      await service.stop();
      await server.close();
      await engine.close();
    }
    return exitCodes.done;
  } finally {
    await scene.close();
  }
}

async function tell(session: Session, engine: Engine, scene: Scene): Promise<void> {
  const { terminal } = session;
  const chapter = (title: string, text: string): void => {
    terminal.line('');
    terminal.line(terminal.colour.bold(title));
    terminal.line(text);
    terminal.line('');
  };
  const [renamed, moved, leaver] = cast(scene);

  chapter(
    '1. The first sync',
    `The directory has ${scene.people.length} people. The org has two users beside the API key's own account: one of those people, who is adopted by e-mail, and a guest of whom the directory knows nothing, who is left alone.`,
  );
  await sync(session, engine);

  chapter(
    '2. A rename, a move, a leaver',
    `${renamed.uid} has married, ${moved.uid} has moved to Finance, and HR says that ${leaver.uid} has left.`,
  );
  const changed = markLeft(
    movePerson(renamePerson(scene.people, renamed.uid, 'Lindqvist'), moved.uid, 'Finance'),
    leaver.uid,
  );
  await scene.publish(changed);
  await sync(session, engine);

  chapter(
    '3. A rehire',
    `${leaver.uid} is back. Rollcall had deactivated the account itself, so it may reactivate it.`,
  );
  await scene.publish(
    changed.map((person) =>
      person.uid === leaver.uid ? { ...person, employeeType: 'employee' as const } : person,
    ),
  );
  await sync(session, engine);

  const department = largestDepartment(scene);
  const back = scene.people;
  chapter(
    '4. A mistake upstream',
    `An HR import goes wrong: everybody in ${department} is marked as having left, and somebody else gets a new phone number.`,
  );
  const mistaken = back.map((person) =>
    person.department === department ? { ...person, employeeType: 'left' as const } : person,
  );
  await scene.publish(
    mistaken.map((person) => (person.uid === renamed.uid ? { ...person, phone: '+49 30 5550199' } : person)),
  );
  const held = await sync(session, engine);

  chapter(
    '5. The mistake is mended',
    'The guard held the deactivations, and the rest went on. The plan is rejected, and the next run finds nothing to do.',
  );
  await rejectPlan(engine.store.db, held, { actor: session.actor, reason: 'HR import mended' }, new Date());
  await scene.publish(
    back.map((person) => (person.uid === renamed.uid ? { ...person, phone: '+49 30 5550199' } : person)),
  );
  await sync(session, engine);

  const verdict = await verifyAudit(engine.store.db);
  const effects = scene.sandbox.effects.length;
  terminal.line('');
  terminal.line(
    verdict.kind === 'whole'
      ? `The org saw ${effects} changes, each once; the audit log tells of each, and its chain of ${verdict.entries} entries is whole.`
      : verdict.sentence,
  );
}

/** Three people who are nobody's boss, so that the story stays about them. */
function cast({ people }: Scene) {
  const bosses = new Set(people.map((person) => person.manager));
  const [first, second, third] = people.filter(
    (person, index) => index > 10 && person.department !== 'Finance' && !bosses.has(person.uid),
  );
  if (first === undefined || second === undefined || third === undefined)
    throw new RangeError('The sample directory is too small.');
  return [first, second, third] as const;
}

function largestDepartment({ people }: Scene): string {
  const sizes = new Map<string, number>();
  for (const { department } of people) sizes.set(department, (sizes.get(department) ?? 0) + 1);
  const [largest] = [...sizes].sort((one, other) => other[1] - one[1]);
  return largest?.[0] ?? '';
}

/** One run through the service, as `rollcall resync --wait` asks for it. */
async function sync({ terminal, actor, signal }: Session, engine: Engine) {
  const [source] = engine.sources as readonly [ConfiguredSource, ...ConfiguredSource[]];
  const { db } = engine.store;
  const run = await requestRun(db, {
    source: source.id,
    mode: 'apply',
    trigger: 'hand',
    actor,
    onlyWho: undefined,
  });
  const bar = terminal.progress(`Run ${run}`);
  const end = await waitForRun(db, run, signal);
  bar.stop();
  for (const line of renderPlan(planJson(await viewPlan(db, end.run)), terminal, { all: false, most: 6 }))
    terminal.line(line);
  terminal.line(`Carried out: ${countsInWords(Object.fromEntries(end.counts))}.`);
  return run;
}

function whereToLook(
  { terminal }: Session,
  { sandbox, folder, configFile, token }: Scene,
  consoleUrl: string,
): void {
  const config = `--config ${configFile}`;
  for (const line of [
    '',
    terminal.colour.bold('Where to look'),
    `  the console            ${consoleUrl} (token: ${token})`,
    `  the org's users        ${sandbox.url}`,
    `  the directory          ${folder}/people.ldif (change it, then resync)`,
    `  the service's health   ${consoleUrl}/readyz`,
    `  in another terminal    npx rollcall ${config} status`,
    `                         npx rollcall ${config} resync --wait`,
    `                         npx rollcall ${config} audit list`,
    '',
    'Ctrl-C ends the demo and removes all of it.',
  ]) {
    terminal.line(line);
  }
}
