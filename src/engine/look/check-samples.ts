/** What the rules make of the first few people of a source, for `check`: mistakes in a mapping show best on somebody. */
import { type Connector, type ProbeFinding, SourceError } from '../../../connectors/index.ts';
import { type Identity, isSecretName, type Person, type Rules } from '../../identity/index.ts';

const samples = 3;
const shownOfValue = 80;

/** One finding a person. None where the source can't be read, which its own findings tell. */
export async function sampleFindings(
  connector: Connector,
  rules: Rules,
  now: Date,
  signal: AbortSignal,
): Promise<readonly ProbeFinding[]> {
  const people = await firstPeople(connector, rules, signal);
  return people.map((identity) => ({
    ok: true,
    text: `For example ${inWords(identity, rules.judge(identity, now))}`,
    mend: undefined,
  }));
}

async function firstPeople(
  connector: Connector,
  rules: Rules,
  signal: AbortSignal,
): Promise<readonly Identity[]> {
  const people: Identity[] = [];
  try {
    for await (const part of connector.read({
      attributes: rules.attributes,
      groups: rules.usesGroups,
      signal,
    })) {
      if (part.kind === 'batch') people.push(...part.identities.slice(0, samples - people.length));
      if (people.length >= samples) break;
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
  }
  return people;
}

function inWords({ label }: Identity, person: Person): string {
  switch (person.kind) {
    case 'member': {
      const attributes = Object.entries(person.desired).map(
        ([name, value]) => `${name} ${shown(name, value)}`,
      );
      return `${label} belongs in the org, with ${attributes.join(', ')}.`;
    }
    case 'leaver':
      return `${label} does not belong in the org: ${person.reason}`;
    case 'skipped':
      return `${label} is skipped: ${person.reason}`;
    default:
      return person satisfies never;
  }
}

function shown(name: string, value: unknown): string {
  if (isSecretName(name)) return '(not shown)';
  const text = JSON.stringify(value);
  return text.length > shownOfValue ? `${text.slice(0, shownOfValue)}…` : text;
}
