/** One command, asked of the store beside it and of the service by its API, so that the two can be compared. */
import { join } from 'node:path';
import { type CliResult, inThisProcess } from '../../e2e/stage.ts';
import { type Site, tokens } from '../../server/console/site.ts';

export type Way = 'here' | 'elsewhere';
export type Rollcall = (...typed: readonly string[]) => Promise<CliResult>;

/** Whoever asks elsewhere has neither the configuration nor the store. */
export function rollcallOf({ folder, url }: Pick<Site, 'folder' | 'url'>, way: Way): Rollcall {
  const base = { PATH: process.env.PATH, NO_COLOR: '1' };
  return way === 'here'
    ? (...typed) => inThisProcess(['--config', join(folder, 'rollcall.yaml'), ...typed], folder, base)
    : (...typed) =>
        inThisProcess(typed, '/', { ...base, ROLLCALL_URL: url, ROLLCALL_TOKEN: tokens.approver });
}

/** Without what is another every time: ids that are made, times, who asked, and the widths of columns that follow from them. */
export async function comparable(site: Site, { code, stdout, stderr }: CliResult) {
  const { db } = site.engine.store;
  const runs = await db.selectFrom('runs').select('id').orderBy('requested_at').orderBy('id').execute();
  const profiles = site.sandbox.users.map(({ profile }) => [
    String(profile.profile_id),
    `<${profile.email}>`,
  ]);
  const users = new Map(site.sandbox.users.map(({ profile }) => [String(profile.user), profile.email]));
  const names = [...runs.map(({ id }, index) => [id, `<run ${index + 1}>`]), ...profiles];
  const alike = (text: string): string =>
    names
      .reduce((rest, [id = '', name = '']) => rest.replaceAll(id, name), text)
      .replaceAll(/"(user|userId)": (\d+)/g, (_, key, id) => `"${key}": "<${users.get(id)}>"`)
      .replaceAll(/"(seenAt|at)": "[^"]*"/g, '"$1": "<time>"')
      .replaceAll(/"id": "[0-9a-f]{8}-[0-9a-f-]{27}"/g, '"id": "<service>"')
      .replaceAll(site.sandbox.url, '<sandbox>')
      .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z/g, '<time>')
      .replaceAll(/just now|in \d+ (second|minute)s?|\d+ (second|minute)s? ago/g, '<moment>')
      .replaceAll(/after (< 1|\d+) s/g, 'after <moment>')
      .replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>')
      .replaceAll(/"(seq|entry)":( ?)\d+/g, '"$1":$20')
      .replaceAll(/^\d+(?=[ ,])/gm, '<entry>')
      .replaceAll(/cli:[\w-]+|token:approver/g, '<operator>')
      .replaceAll(/ +/g, ' ');
  return { code, stdout: inOrder(documentIn(alike(stdout))), stderr: alike(stderr) };
}

/** JSON is the same in whatever order its keys are. */
function documentIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Entries of the audit log stand in the order in which workers got through, which is another every time. */
function inOrder(told: unknown): unknown {
  if (typeof told === 'string') return told.includes('operation.done') ? told.split('\n').sort() : told;
  const isLog = Array.isArray(told) && told.some((one) => Object(one).action === 'operation.done');
  return isLog ? told.map((one) => JSON.stringify(one)).sort() : told;
}
