/** The ids of the configured sources, for the completion of a command line: quickly, and without a word about mistakes. */
import { readFile } from 'node:fs/promises';
import { isMap, isScalar, isSeq } from 'yaml';
import { configFile, type LoadOptions } from './load.ts';
import { readYaml } from './yaml-file.ts';

/** Needs no secret of the configuration. @returns none where the file is not there, or is no configuration */
export async function sourceIdsOf(options: LoadOptions): Promise<readonly string[]> {
  const file = configFile(options);
  const text = await readFile(file, 'utf8').catch(() => '');
  const { contents } = readYaml(text, file).yaml.document;
  const sources = isMap(contents) ? contents.get('sources') : undefined;
  if (!isSeq(sources)) return [];
  return sources.items.flatMap((source) => {
    const id = isMap(source) ? source.get('id', true) : undefined;
    return isScalar(id) && typeof id.value === 'string' ? [id.value] : [];
  });
}
