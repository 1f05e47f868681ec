/** What `check` says about an LDIF source, from its first records. */
import type { LdifSourceConfig } from '../../config/schema.ts';
import type { Identity } from '../../src/identity/identity.ts';
import type { ProbeFinding, ReadRequest, SkippedRecord } from '../connector.ts';
import { SourceError } from '../source-error.ts';
import { createEntryReader } from './identity.ts';
import { openLdif, readLdifFile } from './read-file.ts';

/** Enough to see what an export lacks, and read in a moment. */
const sampleSize = 1_000;

interface Sample {
  readonly entries: number;
  readonly people: readonly Identity[];
  readonly skipped: readonly SkippedRecord[];
  readonly malformed: readonly string[];
}

const fine = (text: string): ProbeFinding => ({ ok: true, text, mend: undefined });
const wrong = (text: string, mend: string): ProbeFinding => ({ ok: false, text, mend });

async function takeSample(config: LdifSourceConfig, { attributes, signal }: ReadRequest): Promise<Sample> {
  const reader = createEntryReader(config, attributes);
  const people: Identity[] = [];
  const skipped: SkippedRecord[] = [];
  const malformed: string[] = [];
  let entries = 0;
  for await (const items of readLdifFile(config.file, { maxEntrySize: config.maxEntrySize, signal })) {
    for (const item of items) {
      if (item.kind === 'refused' || item.kind === 'malformed') malformed.push(item.reason);
      if (item.kind !== 'entry') continue;
      entries += 1;
      const read = reader.read(item);
      if (read.kind === 'person') people.push(read.identity);
      if (read.kind === 'skipped') skipped.push(read.record);
    }
    if (entries + malformed.length >= sampleSize) break;
  }
  return { entries, people, skipped, malformed };
}

function judge(config: LdifSourceConfig, { entries, people, skipped, malformed }: Sample): ProbeFinding[] {
  const findings: ProbeFinding[] = [];
  const [firstMalformed] = malformed;
  const [firstSkipped] = skipped;
  if (people.length > 0) findings.push(fine(`${people.length} of the first ${entries} entries are people.`));
  else if (entries > 0 && firstSkipped === undefined)
    findings.push(
      wrong(
        `None of the first ${entries} entries has objectClass ${config.filter.objectClass}.`,
        'Correct filter.objectClass, or export people.',
      ),
    );
  else if (entries === 0 && firstMalformed === undefined)
    findings.push(wrong('The file holds no entry.', 'Look whether the export failed.'));
  if (firstMalformed !== undefined)
    findings.push(
      wrong(
        `${malformed.length} records can't be read, which keeps anybody from being deactivated. ${firstMalformed}`,
        'Export the directory anew, as LDIF in UTF-8.',
      ),
    );
  if (firstSkipped !== undefined)
    findings.push(
      wrong(
        `${skipped.length} records are skipped. ${firstSkipped.label}: ${firstSkipped.reason}`,
        'Correct them in the directory or the export.',
      ),
    );
  for (const name of ['login', 'email'] as const) {
    if (people.length > 0 && people.every((person) => person[name] === undefined))
      findings.push(
        wrong(
          `None of the first ${people.length} people has ${config.attributes[name]}, the ${name}.`,
          `Correct attributes.${name}, or export that attribute.`,
        ),
      );
  }
  return findings;
}

/** Opens the file and reads its first records. Failures are findings. */
export async function probeLdif(
  config: LdifSourceConfig,
  request: ReadRequest,
): Promise<readonly ProbeFinding[]> {
  try {
    const handle = await openLdif(config.file);
    const { size, mtime } = await handle.stat().finally(() => handle.close());
    const opened = fine(`${config.file} can be read: ${size} bytes, written ${mtime.toISOString()}.`);
    return [opened, ...judge(config, await takeSample(config, request))];
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return [wrong(error.message, 'Correct "file" of the source, or the file itself.')];
  }
}
