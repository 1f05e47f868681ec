/** `rollcall start`: the service. */
import { once } from 'node:events';
import pino from 'pino';
import { endSession, openEngine, openWatches, startService } from '../../engine/index.ts';
import { createMetrics } from '../../server/metrics/index.ts';
import { startServer } from '../../server/server.ts';
import { type ServiceRole, serviceRoles } from '../../store/service/services.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Session } from '../session.ts';

export interface StartOptions {
  readonly role: 'all' | ServiceRole;
}

export async function start(session: Session, { role }: StartOptions): Promise<ExitCode> {
  const loaded = await session.load();
  const log = pino({ level: loaded.config.log.level, base: { service: 'rollcall' } });
  const metrics = createMetrics();
  const tracing = await session.startTracing();
  if (tracing.isOn)
    log.info({ event: 'tracing.on' }, 'Traces are sent to the receiver that the environment names.');
  // Whatever stays open would keep a service that failed alive, and nobody would start it again.
  const closing: (() => Promise<void>)[] = [tracing.stop];
  try {
    const engine = await openEngine(loaded, log, { untilOwned: session.signal, meters: metrics.meters });
    closing.push(() => engine.close());
    // Said at every start, so that nobody can forget it (promise 11).
    for (const warning of loaded.warnings) log.warn({ event: 'config.warning' }, warning);
    const watches = await openWatches(engine);
    closing.push(watches.close);
    const roles = role === 'all' ? serviceRoles : [role];
    const server = await startServer(engine, { roles, watches, metrics });
    closing.push(() => server.close());
    const service = await startService(engine, roles, watches);
    if (!session.signal.aborted) await once(session.signal, 'abort');
    await service.stop();
    await endSession(engine);
    return exitCodes.done;
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}
