/** Mistakes in the configuration: each is told with its line, before anything is opened or asked. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, placeIn, type Scene, setScene } from './mistakes.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene({ combination: 'embedded' });
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

interface Mistake {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** The text that the message points at. */
  readonly at: string;
  readonly says: readonly (string | RegExp)[];
  /** An excerpt of the expression follows the line. */
  readonly lines?: number;
}

const inSource = (key: string): string => `sources[0].${key}: `;

const mistakes: readonly Mistake[] = [
  {
    what: 'a misspelt key',
    from: 'bindDn:',
    to: 'bindDN:',
    at: 'bindDN',
    says: [inSource('bindDN'), 'Did you mean bindDn?'],
  },
  {
    what: 'a misspelt group of keys',
    from: 'server:',
    to: 'sever:',
    at: 'sever',
    says: ['Did you mean server?'],
  },
  {
    what: 'an unclosed bracket',
    from: 'sources:',
    to: 'sources: [',
    at: '- id',
    says: ['look for a missing quote, bracket'],
  },
  { what: 'a tab', from: '    type: ldap', to: '\ttype: ldap', at: '\ttype', says: ['use spaces'] },
  {
    what: 'an environment variable that is not set',
    from: 'reader-secret',
    to: '${env:NOT_SET_ANYWHERE}',
    at: '${env',
    says: [inSource('password'), 'the environment variable NOT_SET_ANYWHERE is not set; set it'],
  },
  {
    what: "a secret's file that is not there",
    from: 'reader-secret',
    to: '${file:/no/such/file}',
    at: '${file',
    says: [inSource('password'), '/no/such/file does not exist; create it, or correct the path'],
  },
  {
    what: 'a database of another kind',
    from: 'database: { path: store }',
    to: 'database: { url: "mysql://u:canary@db/x" }',
    at: 'url: "mysql',
    says: ['database.url: ', 'postgres://'],
  },
  {
    what: 'a mapping of what is not to be mapped',
    from: 'server:',
    to: "mapping: { email: mail, username: mail, is_active: 'true' }\nserver:",
    at: 'is_active',
    says: ['mapping.is_active: ', "can't be mapped", 'write a scope'],
  },
  {
    what: 'a scope that breaks off',
    from: 'server:',
    to: 'scope: user.title ==\nserver:',
    at: 'scope:',
    says: ['scope: Unexpected token', '> '],
    lines: 3,
  },
  {
    what: 'a scope over something unknown',
    from: 'server:',
    to: 'scope: usr.title == "x"\nserver:',
    at: 'scope:',
    says: ['Unknown variable: usr'],
    lines: 3,
  },
  {
    what: 'a scope that gives text',
    from: 'server:',
    to: 'scope: \'"yes"\'\nserver:',
    at: 'scope:',
    says: ['must be true or false'],
    lines: 3,
  },
  {
    what: 'a mapping that breaks off',
    from: 'server:',
    to: 'mapping: { email: mail, username: mail, name: user.cn + }\nserver:',
    at: 'name: user',
    says: ['mapping.name: '],
    lines: 3,
  },
  {
    what: 'a wrong rule for who is active',
    from: "active: 'true'",
    to: "active: 'user.x ==='",
    at: 'active:',
    says: [inSource('active')],
    lines: 3,
  },
  {
    what: 'an LDAP filter with an open bracket',
    from: '(objectClass=inetOrgPerson)',
    to: '(objectClass=inetOrgPerson',
    at: 'filter:',
    says: [inSource('filter'), 'a closing bracket is missing, at character 27', 'RFC 4515'],
  },
];

test.each(mistakes)('$what', async ({ from, to, at, says, lines = 1 }) => {
  const result = await scene.mistaken(from, to, 'plan');

  const wrong = await readFile(scene.stage.configFile, 'utf8');
  const place = `${scene.stage.configFile}:${placeIn(wrong, at)}: `;
  expectRefused(result, { code: 2, says: [place, ...says], lines, mayEndInExcerpt: lines > 1 });
  expect(result.stderr).not.toContain('canary');
});

test('every command says the same, each on the status of wrong configuration', async () => {
  for (const command of [
    ['config', 'validate'],
    ['check'],
    ['resync', '--wait'],
    ['status', '--json'],
    ['start'],
  ]) {
    const result = await scene.mistaken('bindDn:', 'bindDN:', ...command);
    expectRefused(result, { code: 2, says: ['Did you mean bindDn?'] });
  }
});

test('a line for each mistake', async () => {
  const result = await scene.mistaken('bindDn:', 'bindDN: x\n    pasword:', 'config', 'validate');

  expectRefused(result, { code: 2, says: ['Did you mean bindDn?', 'pasword'], lines: 2 });
});

test('a configuration that is not there', async () => {
  const result = await scene.stage.rollcall('--config', '/no/such/rollcall.yaml', 'plan');

  expectRefused(result, {
    code: 2,
    says: ['/no/such/rollcall.yaml: there is no configuration here', '--config'],
  });
});

test('the schema is one JSON document, and a right configuration is valid', async () => {
  const schema = await scene.mistaken('', '', 'config', 'schema');
  expect(JSON.parse(schema.stdout)).toMatchObject({ type: 'object' });

  const valid = await scene.mistaken('', '', 'config', 'validate', '--json');
  expect(valid).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(valid.stdout)).toMatchObject({ sources: [{ id: 'corp' }] });
});

test('nothing was done, and the mended configuration works', async () => {
  await scene.expectAllIsWellAfterwards();
});
