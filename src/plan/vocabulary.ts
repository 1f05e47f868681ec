/** The words that the org knows (roles, time zones, dashboards), and those of a plan that it does not. */
import { type ProfileApi, ProfileApiError } from '../profile-api/index.ts';
import type { AttributeValue, ProfileAttributes } from '../profile-api/profile.ts';
import type { Finding, Newcomers, ProposedOperation, Reconciliation } from '../reconcile/index.ts';
import type { PlanMeans } from './plan-means.ts';

/** For each attribute whose choices the org lists, every form in which one of them may be named. */
export type Vocabulary = ReadonlyMap<string, ReadonlySet<string>>;

/** Attributes that name something which has to exist in the org, and what its options may call their list. */
const listNames: Readonly<Record<string, RegExp>> = {
  role: /^(user|organization)?roles?(choices|list|options)?$/,
  timezone: /^(user)?(timezones?|tz)(choices|list|options)?$/,
  dashboard: /^(default|user)?dashboards?(choices|list|options)?$/,
};

/** The profile attributes whose values have to exist in the org. */
export const checkedAttributes: readonly string[] = Object.keys(listNames);

/**
 * What the org's options list. The shape is documented nowhere: lists are looked for by their name at any depth, and
 * what is not found is not checked. The same goes for an org that does not offer its options.
 *
 * @throws {ProfileApiError} where the key is refused or the org can't be reached
 */
export async function vocabularyOf(api: ProfileApi, signal: AbortSignal): Promise<Vocabulary> {
  try {
    return vocabularyIn(await api.options(signal));
  } catch (error) {
    if (!(error instanceof ProfileApiError)) throw error;
    const { kind } = error.answer;
    if (kind === 'not-found' || kind === 'not-understood' || kind === 'bad-record') return new Map();
    throw error;
  }
}

/** Reads an answer of `options/`, whatever its shape. */
export function vocabularyIn(options: AttributeValue): Vocabulary {
  return new Map(
    Object.entries(listNames).flatMap(([attribute, name]) => {
      const choices = findChoices(options, name, 4);
      return choices.length === 0 ? [] : [[attribute, new Set(choices)] as const];
    }),
  );
}

/** The choices under the first name that fits, the nearest level first. */
function findChoices(value: AttributeValue, name: RegExp, depth: number): readonly string[] {
  if (!isRecord(value) || depth === 0) return [];
  for (const [key, inside] of Object.entries(value)) {
    if (!name.test(key.toLowerCase().replaceAll(/[^a-z]/g, ''))) continue;
    const choices = choicesIn(inside);
    if (choices.length > 0) return choices;
  }
  for (const inside of Object.values(value)) {
    const choices = findChoices(inside, name, depth - 1);
    if (choices.length > 0) return choices;
  }
  return [];
}

/** A list of choices, one wrapped in an object (`{"choices": [...]}`), or an object from value to label. */
function choicesIn(value: AttributeValue): readonly string[] {
  if (isList(value)) return value.flatMap(formsOf);
  if (!isRecord(value)) return [];
  const wrapped = Object.values(value).filter(isList);
  if (wrapped.length > 0) return wrapped.length === 1 ? choicesIn(wrapped[0] ?? null) : [];
  const labels = Object.entries(value);
  if (labels.some(([key]) => descriptionKeys.has(key))) return [];
  return labels.every(([, label]) => typeof label === 'string') ? labels.flat().flatMap(wordOf) : [];
}

/** Of an object that describes a field (as Django's REST framework does) and has no choices in it. */
const descriptionKeys: ReadonlySet<string> = new Set(['type', 'label', 'help_text', 'required', 'read_only']);

const formKeys: ReadonlySet<string> = new Set([
  'name',
  'label',
  'title',
  'value',
  'id',
  'key',
  'display_name',
]);

/** One choice: a plain word, a pair of value and label, or an object with its id, name, label or value. */
function formsOf(choice: AttributeValue): readonly string[] {
  if (isList(choice)) return choice.flatMap(wordOf);
  if (!isRecord(choice)) return wordOf(choice);
  return Object.entries(choice).flatMap(([key, value]) => (formKeys.has(key) ? wordOf(value) : []));
}

const wordOf = (value: AttributeValue): readonly string[] =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? [String(value)] : [];

const isList = (value: AttributeValue): value is readonly AttributeValue[] => Array.isArray(value);
const isRecord = (value: AttributeValue): value is ProfileAttributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of one attribute that the org does not know. */
export interface UnknownWord {
  readonly attribute: string;
  readonly value: string;
  /** What the org knows instead, as far as a sentence can hold. */
  readonly known: string;
}

const toldAtMost = 12;

/** Those of the attributes whose value the org does not know. An empty value names nothing. */
export function unknownWords(attributes: ProfileAttributes, vocabulary: Vocabulary): readonly UnknownWord[] {
  return [...vocabulary].flatMap(([attribute, known]) => {
    const [value] = wordOf(attributes[attribute] ?? null);
    if (value === undefined || known.has(value)) return [];
    const told = [...known].slice(0, toldAtMost).join(', ');
    const more = known.size > toldAtMost ? ` and ${known.size - toldAtMost} more` : '';
    return [{ attribute, value, known: `${told}${more}` }];
  });
}

/**
 * Takes those out of a plan whose role, time zone or dashboard the org does not know; they are named instead. Somebody
 * who leaves needs no such word.
 *
 * @param inviteRole - what invitations name where the mapping gives no role
 */
export function withoutUnknownWords(
  reconciliation: Reconciliation,
  vocabulary: Vocabulary,
  inviteRole: string | undefined,
): Reconciliation {
  const refused = new Map<ProposedOperation, Finding>();
  for (const operation of reconciliation.operations) {
    const [word] = unknownWords(wordsOf(operation, inviteRole), vocabulary);
    if (word !== undefined) refused.set(operation, refusal(operation, word));
  }
  if (refused.size === 0) return reconciliation;
  return {
    ...reconciliation,
    operations: reconciliation.operations.filter((operation) => !refused.has(operation)),
    findings: [...reconciliation.findings, ...refused.values()],
  };
}

/**
 * Without those whose role, time zone or dashboard the org does not know. Nothing to do needs no words.
 *
 * @param newcomers - from whom such people are taken out
 */
export async function inTheOrgsWords(
  reconciliation: Reconciliation,
  newcomers: Newcomers,
  { api, rules, config, signal }: Pick<PlanMeans, 'api' | 'rules' | 'config' | 'signal'>,
): Promise<Reconciliation> {
  const inviteRole = config.lifecycle.invite.role;
  const namesWords =
    inviteRole !== undefined || rules.mapped.some((name) => checkedAttributes.includes(name));
  if (!namesWords || reconciliation.operations.length + newcomers.size === 0) return reconciliation;
  const vocabulary = await vocabularyOf(api, signal);
  const unnamed = newcomers.takeWhere((one) => unknownWords(wordsOf(one, inviteRole), vocabulary).length > 0);
  const operations = [...reconciliation.operations, ...unnamed];
  return withoutUnknownWords({ ...reconciliation, operations }, vocabulary, inviteRole);
}

/** What an operation would send. Whatever is edited, a PUT carries all of it. */
function wordsOf(
  { kind, desired, invites }: ProposedOperation,
  inviteRole: string | undefined,
): ProfileAttributes {
  if (kind === 'deactivate' || kind === 'purge') return {};
  const role = desired.role ?? inviteRole;
  const ofInvitation = role === undefined ? {} : { role };
  if (kind === 'invite') return ofInvitation;
  return invites === true ? { ...desired, ...ofInvitation } : desired;
}

function refusal(
  { kind, invites, anchor, label, email, desired }: ProposedOperation,
  { attribute, value, known }: UnknownWord,
): Finding {
  const isInviteRole =
    attribute === 'role' && desired.role === undefined && (kind === 'invite' || invites === true);
  const rule = isInviteRole ? 'lifecycle.invite.role' : `the mapping of ${attribute}`;
  const reason = `Their ${attribute} ${JSON.stringify(value)} does not exist in the org, which knows ${known}. Make it there, or mend ${rule}.`;
  return { kind: 'skipped', anchor, label, email, reason };
}
