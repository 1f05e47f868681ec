/** The properties that Graph's user has, by Microsoft's own published types: nobody here makes a name up. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

function propertiesOf(type: string): ReadonlySet<string> {
  const types = createRequire(import.meta.url).resolve(
    '@microsoft/microsoft-graph-types/microsoft-graph.d.ts',
  );
  const text = readFileSync(types, 'utf8').replaceAll('\r', '');
  const [, body = ''] =
    new RegExp(`\\nexport interface ${type} [^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(text) ?? [];
  return new Set([...body.matchAll(/^ {4}(\w+)\?:/gm)].map(([, name = '']) => name));
}

/** Directory extensions are named after the application that owns them. */
const directoryExtension = /^extension_[0-9a-f]{32}_\w+$/;

const known = new Set(['id', ...propertiesOf('User')]);
if (known.size < 80) throw new Error("Microsoft's types of Graph could not be read.");

export const isUserProperty = (name: string): boolean => known.has(name) || directoryExtension.test(name);

/** Not held by the directory itself, so no list and no delta has them. */
export const singleReadOnly: ReadonlySet<string> = new Set([
  'aboutMe',
  'birthday',
  'hireDate',
  'interests',
  'mySite',
  'pastProjects',
  'preferredName',
  'responsibilities',
  'schools',
  'skills',
  'mailboxSettings',
]);
