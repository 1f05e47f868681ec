/** `rollcall setup`: preferences and profile of the account that the API key belongs to. */
import { setUpOwnAccount } from '../../engine/index.ts';
import type { AttributeValue, ProfileAttributes } from '../../profile-api/index.ts';
import { printable } from '../../words/printable.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Session } from '../session.ts';

export interface SetupOptions {
  readonly preference?: readonly string[];
  readonly profile?: readonly string[];
}

export async function setup(session: Session, options: SetupOptions): Promise<ExitCode> {
  const preference = attributesOf(options.preference ?? []);
  const profile = attributesOf(options.profile ?? []);
  if (Object.keys(preference).length + Object.keys(profile).length === 0)
    throw new UsageError('Say what to set: --preference KEY=VALUE or --profile KEY=VALUE, or both.');
  const { terminal, signal, isJson, actor } = session;
  return await session.withEngine(async (engine) => {
    const own = await setUpOwnAccount(engine, { preference, profile }, actor, signal);
    if (isJson) terminal.json(own.attributes);
    else {
      terminal.line(
        `The account of the API key, ${printable(own.email ?? own.profileId)}, as the org shows it now:`,
      );
      for (const [name, value] of Object.entries(own.attributes))
        terminal.line(
          `  ${printable(name)}: ${printable(typeof value === 'string' ? value : JSON.stringify(value))}`,
        );
      terminal.note('What the org takes but never returns is set all the same, and not shown.');
    }
    return exitCodes.done;
  });
}

/** What would lock the key out, or show a secret to whoever lists processes. */
const refused: Readonly<Record<string, string>> = {
  password: 'a password on the command line is no secret; change it in the org',
  confirm_password: 'a password on the command line is no secret; change it in the org',
  is_active: "the key's own account has to stay active",
  profile_id: 'it can not be changed',
  user: 'it can not be changed',
};

/** `KEY=VALUE`: text, but for true and false. */
function attributesOf(given: readonly string[]): ProfileAttributes {
  const attributes = new Map<string, AttributeValue>();
  for (const pair of given) {
    const at = pair.indexOf('=');
    const key = at < 1 ? '' : pair.slice(0, at).trim();
    if (key === '') throw new UsageError(`${printable(pair)} is not of the form KEY=VALUE.`);
    const why = Object.hasOwn(refused, key) ? refused[key] : undefined;
    if (why !== undefined) throw new UsageError(`${key} can't be set up: ${why}.`);
    if (attributes.has(key)) throw new UsageError(`${printable(key)} is given twice.`);
    const text = pair.slice(at + 1);
    attributes.set(key, text === 'true' ? true : text === 'false' ? false : text);
  }
  return Object.fromEntries(attributes);
}
