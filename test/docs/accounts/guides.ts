/** What the guides say to apply to a directory. */
import { readDocuments } from '../markdown.ts';

/** The LDIF of a page that is applied as somebody: `directory`, who may change people, or `config`. */
export async function ldifOf(file: string, as: 'directory' | 'config'): Promise<string> {
  const blocks = (await readDocuments()).filter((one) => one.file === file).flatMap((one) => one.blocks);
  const own = blocks.filter(({ language, marks }) => language === 'ldif' && marks.as === as);
  if (own.length === 0) throw new Error(`${file} has no LDIF for ${as}.`);
  return own.map(({ text }) => `${text}\n\n`).join('');
}
