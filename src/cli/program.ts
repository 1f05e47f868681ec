/** The command line: what may be typed, and which command it leads to. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../../config/version.ts';
import type { PauseWish } from '../acts/index.ts';
import type { ExportFormat } from '../audit/index.ts';
import { serviceRoles } from '../store/service/services.ts';
import { operationKinds } from '../words/words.ts';
import { approve, reject, type WordOptions } from './commands/approve.ts';
import { type AuditVerifyOptions, auditExport, auditList, auditVerify } from './commands/audit.ts';
import { backup, type RestoreOptions, restore } from './commands/backup.ts';
import { check } from './commands/check.ts';
import { configExplain, configSchema, configValidate } from './commands/config.ts';
import { type ConflictsOptions, conflicts } from './commands/conflicts.ts';
import { type DemoOptions, demo } from './commands/demo.ts';
import { type ExplainOptions, explainWho } from './commands/explain.ts';
import { inviteAgain } from './commands/invite-again.ts';
import { notifyTest } from './commands/notify.ts';
import { type OffboardOptions, offboard, reinstate } from './commands/offboard.ts';
import { type OperationsOptions, operations } from './commands/operations.ts';
import { pauseCommand, resumeCommand } from './commands/pause.ts';
import { type PlanOptions, plan } from './commands/plan.ts';
import { quarantineClear } from './commands/quarantine.ts';
import { type ResyncOptions, resync } from './commands/resync.ts';
import { discard, type FailureOptions, retry } from './commands/retry.ts';
import {
  type AdoptOptions,
  adopt,
  ignore,
  type RulingOptions,
  unadopt,
  unignore,
} from './commands/ruling.ts';
import { type RunsOptions, runs } from './commands/runs.ts';
import { type SandboxCommandOptions, sandbox } from './commands/sandbox.ts';
import { type SetupOptions, setup } from './commands/setup.ts';
import { type StartOptions, start } from './commands/start.ts';
import { type StatusOptions, status } from './commands/status.ts';
import { type UndoOptions, undo } from './commands/undo.ts';
import { addCompletion } from './completion/index.ts';
import { type ExitCode, UsageError } from './exit.ts';
import { addHelp, helpLooks, helpOutput } from './help/add-help.ts';
import { addRaise } from './raise.ts';
import { createTerminal } from './render/index.ts';
import type { AuditWish } from './rollcall/rollcall.ts';
import { operationStates } from './run-result.ts';
import { createSession, type GlobalOptions, type Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** As `log.level` of the configuration. */
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
};

const readingMode = (): Option =>
  new Option('--mode <mode>', 'read the whole source, or what has changed since the last run')
    .choices(['full', 'delta'])
    .default('full');

const raising = (): Option =>
  new Option(
    '--raise <guard=people>',
    'in this run, a guard lets so many people pass; may be given again',
  ).argParser(addRaise);

const time = (text: string): Date => {
  const value = new Date(text);
  if (Number.isNaN(value.getTime()))
    throw new InvalidArgumentError('Give a time such as 2026-01-31 or 2026-01-31T08:00Z.');
  return value;
};

/**
 * Builds the program.
 *
 * @param end - told the exit status of the command that ran
 */
export function buildProgram(surroundings: Surroundings, end: (code: ExitCode) => void): Command {
  const { stdout, stderr, env } = surroundings;
  const program = new Command('rollcall')
    .description("Keeps an organisation's user list true to its directory.")
    .version(version)
    .option('--config <file>', 'configuration file (default: config/rollcall.yaml, or ROLLCALL_CONFIG)')
    .option(
      '--server <url>',
      'ask this service by its API (default: ROLLCALL_URL), with the token in ROLLCALL_TOKEN',
    )
    .option('--json', 'print JSON, for machines')
    .addOption(
      new Option('--log-level <level>', 'log of this command, to standard error (default: silent)').choices(
        logLevels,
      ),
    )
    .showHelpAfterError('(rollcall --help lists the commands)')
    .configureHelp(helpLooks())
    .addHelpCommand(
      new Command('help').argument('[command]').description('one command, with examples').helpGroup('Help:'),
    )
    .configureOutput(helpOutput(surroundings))
    .exitOverride();

  /** Gives the action a session, and the program its exit status. */
  const asking =
    <Arguments extends readonly unknown[]>(
      act: (session: Session, ...rest: Arguments) => Promise<ExitCode>,
    ) =>
    async (...given: readonly unknown[]): Promise<void> => {
      const command = given.at(-1);
      const globals: GlobalOptions = command instanceof Command ? command.optsWithGlobals() : program.opts();
      const terminal = createTerminal({ stdout, stderr, env, json: globals.json ?? false });
      const session = createSession(terminal, globals, surroundings);
      end(await act(session, ...(given.slice(0, -1) as unknown as Arguments)));
    };

  /** As `asking`, for what is done with files, or by this process itself. */
  const doing = <Arguments extends readonly unknown[]>(
    act: (session: Session, ...rest: Arguments) => Promise<ExitCode>,
  ) =>
    asking<Arguments>(async (session, ...rest) => {
      if (session.isElsewhere)
        throw new UsageError(
          'This command works where Rollcall itself is, with its files, and --server (or ROLLCALL_URL) names a service elsewhere. Run it there, without --server.',
        );
      return await act(session, ...rest);
    });

  program
    .command('start')
    .description('the service: runs by the clock, carries operations out, until it is stopped')
    .addOption(
      new Option('--role <role>', 'what this process does').choices(['all', ...serviceRoles]).default('all'),
    )
    .action(doing((session, options: StartOptions) => start(session, options)));
  program
    .command('demo')
    .description('a whole org of its own: first sync, a mover, a leaver, a rehire, and a guard that holds')
    .option('--once', 'end after the demonstration')
    .action(doing((session, options: DemoOptions) => demo(session, options)));
  program
    .command('check')
    .description('are configuration, sources, profile API, store and queue reachable, permitted and sane?')
    .action(doing((session) => check(session)));
  program
    .command('plan')
    .description('a dry run: stores and prints the plan, touches nothing')
    .option('--source <id>', 'this source only')
    .option('--user <who>', 'this person only: e-mail, login or id')
    .addOption(readingMode())
    .option('--from <file.ldif>', 'read an LDIF export in place of the source')
    .option('--with <file.yaml>', 'what another configuration would do otherwise; stores no plan')
    .option('--all', 'show long lists in full')
    .option('--html <file>', 'also as a report to send: one new HTML file, with personal data in it')
    .option('--accept-missing <n>', 'so many linked profiles may be missing in the org, in this plan', count)
    .addOption(raising())
    .option('--reason <text>', 'why a guard gives way, for the audit log')
    .action(asking((session, options: PlanOptions) => plan(session, options)));
  program
    .command('resync')
    .description('a run by hand')
    .option('--source <id>', 'this source only')
    .option('--user <who>', 'this person only: e-mail, login or id')
    .addOption(readingMode())
    .option('--wait', 'wait for its end')
    .option('--although-paused', 'also where the source is paused; its operations are carried out, too')
    .option('--accept-shrink <people>', 'in this run, so many people may be gone from the source', count)
    .option('--accept-missing <n>', 'so many linked profiles may be missing in the org, in this run', count)
    .addOption(raising())
    .option('--reason <text>', 'why a guard gives way, for the audit log')
    .action(asking((session, options: ResyncOptions) => resync(session, options)));
  program
    .command('pause')
    .description('write nothing to the org for now, or nothing of one source, and do not read that')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--source <id>', 'this source only')
    .option('--until <time>', 'ends by itself: 2026-03-31 (the end of that day) or 2026-03-31T17:00')
    .option('--timezone <zone>', 'of an --until that names none (default: the source’s)')
    .addOption(
      new Option(
        '--leavers <what>',
        'whom HR or an operator says to have left: deactivate all the same, or wait',
      )
        .choices(['go', 'wait'])
        .default('go'),
    )
    .action(asking((session, wish: PauseWish) => pauseCommand(session, wish)));
  program
    .command('resume')
    .description('end a pause')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--source <id>', 'the pause of this source')
    .action(asking((session, wish: PauseWish) => resumeCommand(session, wish)));
  program
    .command('approve <plan>')
    .description('release what a plan or a guard holds')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--wait', 'wait for the end')
    .action(asking((session, id: string, options: WordOptions) => approve(session, id, options)));
  program
    .command('reject <plan>')
    .description('drop what a plan or a guard holds')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .action(asking((session, id: string, options: WordOptions) => reject(session, id, options)));
  program
    .command('explain <who>')
    .description('one person, end to end: source, rules, match, difference, next step, history')
    .option('--source <id>', 'this source only')
    .action(asking((session, who: string, options: ExplainOptions) => explainWho(session, who, options)));
  program
    .command('undo <run>')
    .description("a plan that reverses that run's deactivations")
    .option('--reason <text>', 'approve it at once, for this reason')
    .action(asking((session, run: string, options: UndoOptions) => undo(session, run, options)));
  program
    .command('setup')
    .description('preferences and profile of the account that the API key belongs to')
    .option('--preference <key=value...>', 'preferences to set')
    .option('--profile <key=value...>', 'attributes of the profile to set')
    .action(doing((session, options: SetupOptions) => setup(session, options)));
  program
    .command('backup')
    .description('save the users of the org in a file')
    .action(doing((session) => backup(session)));
  program
    .command('restore <file>')
    .description('a plan that puts linked users back as a backup shows them')
    .option('--source <id>', 'those of this source only')
    .action(doing((session, file: string, options: RestoreOptions) => restore(session, file, options)));
  program
    .command('status')
    .description('one screen: sources, runs, queue, what is held or failed')
    .option('--watch', 'keep it up to date on the terminal, until Ctrl-C')
    .action(asking((session, options: StatusOptions) => status(session, options)));
  program
    .command('runs [run]')
    .description('the latest runs, or one run with its plan')
    .option('--limit <n>', 'how many', count, 20)
    .option('--all', 'show long lists in full')
    .option('--html <file>', 'also as a report to send: one new HTML file, with personal data in it')
    .action(asking((session, id: string | undefined, options: RunsOptions) => runs(session, id, options)));
  program
    .command('operations')
    .description('the latest operations')
    .option('--failed', 'those that failed')
    .option('--run <id>', 'those of one run')
    .addOption(new Option('--state <state>', 'those in one state').choices(operationStates))
    .option('--limit <n>', 'how many', count, 50)
    .action(asking((session, options: OperationsOptions) => operations(session, options)));
  for (const [name, act, text] of [
    ['retry', retry, 'try failed operations again'],
    ['discard', discard, 'take failed operations off the list'],
  ] as const) {
    program
      .command(`${name} [operation...]`)
      .description(text)
      .option('--run <id>', 'all failed ones of a run')
      .option('--source <id>', 'all failed ones of a source')
      .addOption(new Option('--kind <kind>', 'all failed ones of a kind').choices(operationKinds))
      .option('--saying <text>', 'all that failed with this in their message')
      .option('--all', 'all failed ones')
      .option('--reason <text>', 'why, for the audit log')
      .action(
        asking((session, ids: readonly string[], options: FailureOptions) => act(session, ids, options)),
      );
  }

  program
    .command('conflicts')
    .description('what a person must decide, with what to do about it')
    .option('--source <id>', 'of this source only')
    .action(asking((session, options: ConflictsOptions) => conflicts(session, options)));
  program
    .command('quarantine')
    .description('sources that keep failing, or cannot be trusted')
    .command('clear <source>')
    .description('read a source by its schedule again, and let it remove people')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .action(
      asking((session, source: string, options: { readonly reason: string }) =>
        quarantineClear(session, source, options),
      ),
    );
  program
    .command('adopt <who>')
    .description('say that a profile is this person’s: e-mail, login or id; the next run adopts it')
    .requiredOption('--profile <id>', 'the profile’s id in the org')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--source <id>', 'the person’s source')
    .action(asking((session, who: string, options: AdoptOptions) => adopt(session, who, options)));
  for (const [name, act, text] of [
    ['unadopt', unadopt, 'take back an `adopt` that no run has carried out yet'],
    ['ignore', ignore, 'leave this person alone in all runs: e-mail, login or id'],
    ['unignore', unignore, 'treat this person by the rules again'],
    ['invite-again', inviteAgain, 'send one more invitation to somebody who has not accepted'],
  ] as const) {
    program
      .command(`${name} <who>`)
      .description(text)
      .requiredOption('--reason <text>', 'why, for the audit log')
      .option('--source <id>', 'the person’s source')
      .action(asking((session, who: string, options: RulingOptions) => act(session, who, options)));
  }

  program
    .command('offboard [who]')
    .description('deactivate somebody now, or at a time: e-mail, login or id; no sync brings them back')
    .option('--reason <text>', 'why, for the audit log')
    .option('--at <time>', 'when: 2026-03-31 (the end of that day), 2026-03-31T17:00 or with its zone')
    .option(
      '--timezone <zone>',
      'of an --at that names none (default: offboarding.timezone, else the source’s)',
    )
    .option('--source <id>', 'the person’s source')
    .option('--list', 'who has left, or will leave, by the word of HR, an operator or a leave date')
    .action(
      asking((session, who: string | undefined, options: OffboardOptions) => offboard(session, who, options)),
    );
  program
    .command('reinstate <who>')
    .description('take back that somebody left: the ordinary rules go on from the next run')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--source <id>', 'the person’s source')
    .action(asking((session, who: string, options: RulingOptions) => reinstate(session, who, options)));

  const auditCommand = program.command('audit').description('who changed what, when and why');
  const filtered = (command: Command): Command =>
    command
      .option('--who <who>', 'about this person: e-mail, id or profile id')
      .option('--run <id>', 'of this run')
      .option('--since <time>', 'since this time', time);
  filtered(auditCommand.command('list'))
    .description('the latest entries')
    .option('--limit <n>', 'how many', count, 50)
    .action(
      asking((session, options: AuditWish & { readonly limit: number }) => auditList(session, options)),
    );
  filtered(auditCommand.command('export'))
    .description('all entries, for other tools')
    .addOption(
      new Option('--format <format>', 'form of the export').choices(['csv', 'jsonl']).default('jsonl'),
    )
    .option('--out <file>', 'a new file (default: standard output)')
    .action(
      asking((session, options: AuditWish & { readonly format: ExportFormat; readonly out?: string }) =>
        auditExport(session, options),
      ),
    );
  auditCommand
    .command('verify')
    .description('prove that no entry was changed, removed or put in')
    .option('--head <hash>', 'a head noted earlier, to be found in the log')
    .option('--archive <files...>', 'archives (retention.archive), to be proved as one chain with the log')
    .action(asking((session, options: AuditVerifyOptions) => auditVerify(session, options)));

  program
    .command('notify')
    .description('those who are told when something goes wrong (notify.channels)')
    .command('test [channel]')
    .description('send a test message through each channel, or this one')
    .action(asking((session, channel: string | undefined) => notifyTest(session, channel)));

  const configCommand = program.command('config').description('the configuration');
  configCommand
    .command('validate')
    .description('errors, with their lines')
    .action(doing((session) => configValidate(session)));
  configCommand
    .command('explain')
    .description('what it means, in words: who is read, who leaves, who is protected, what is sent')
    .action(doing((session) => configExplain(session)));
  configCommand
    .command('schema')
    .description('JSON Schema, for editors')
    .action(doing((session) => configSchema(session)));
  program
    .command('sandbox')
    .description('an org to try things on: the profile API, with nothing behind it')
    .option('--port <n>', 'port', count, 8090)
    .option('--api-key <key>', 'the key that it takes', 'sandbox-key')
    .action(doing((session, options: SandboxCommandOptions) => sandbox(session, options)));
  addCompletion(program, surroundings);
  addHelp(program);
  return program;
}
