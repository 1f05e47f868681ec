import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../config/index.ts';
import { createConfigFolder, sound } from './config-folder.ts';

describe('what is wrong is named with its place', () => {
  it.each([
    [
      'an unknown key',
      'lifecycle:\n  graze: 1h',
      '13:3: lifecycle.graze: is no key here. Did you mean grace?',
    ],
    [
      'an unknown key like no other',
      'zebra: 1',
      '12:1: zebra: is no key here. Remove it, or use one of: profileApi,',
    ],
    [
      'a duration without unit',
      'lifecycle:\n  grace: "24"',
      '13:3: lifecycle.grace: has the wrong form: write a number and a unit',
    ],
    [
      'a number for text',
      'lifecycle:\n  grace: 24',
      '13:3: lifecycle.grace: must be text, but is a number. Put it in quotes.',
    ],
    [
      'text for a number',
      'server: { port: "80" }',
      '12:11: server.port: must be a number, but is text. Write it without quotes',
    ],
    ['text for a truth', 'profileApi2: 1\nlog: yes', '13:1: log: must be a group of keys, but is text'],
    [
      'text for a list',
      'correlation: email',
      '12:1: correlation: must be a list, but is text. Put it in brackets: [ ].',
    ],
    [
      'a sentinel of a source that is not there',
      'guards: { sentinels: [{ who: boss, source: crop }] }',
      '12:36: guards.sentinels[0].source: is not right: there is no such source; the sources are',
    ],
    [
      'a precedence of a source that is not there',
      'precedence: { name: [crop] }',
      '12:22: precedence.name[0]: is not right: there is no source crop; the sources are',
    ],
    [
      'a source that goes before itself',
      'precedence: { name: [corp, corp] }',
      '12:28: precedence.name[1]: is not right: corp is named twice',
    ],
    [
      'a precedence of what is not mapped',
      'precedence: { phone: [corp] }',
      '12:15: precedence.phone: is not right: the mapping has no phone',
    ],
    [
      'a precedence of what people are known by',
      'precedence: { email: [corp] }',
      '12:15: precedence.email: is not right: email is always that of the source',
    ],
    [
      'an empty key',
      'log:',
      '12:1: log: is empty. Give it a group of keys, or remove the key (What is told of the work).',
    ],
    ['a fraction', 'server: { port: 1.5 }', '12:11: server.port: must be a whole number'],
    [
      'a number too large',
      'server: { port: 70000 }',
      '12:11: server.port: must be at most 65535, but is 70000',
    ],
    ['a number too small', 'retry: { attempts: 0 }', '12:10: retry.attempts: must be at least 1, but is 0'],
    ['an unknown choice', 'log: { level: inf }', '12:8: log.level: must be one of: trace, debug, info'],
    [
      'an unknown choice in a list',
      'correlation: [mail]',
      '12:15: correlation[0]: must be one of: email, username, employee-number. Did you mean email?',
    ],
    ['a wrong URL', 'redis: { url: "http://x" }', '12:10: redis.url: is no URL of the right kind'],
    [
      'a rule that is no value',
      'mapping: { a: [x] }',
      '12:12: mapping.a: must be text or a number or true or false, but is a list',
    ],
    [
      'two forms at once',
      'database: { url: "postgres://h/d", path: x }',
      "12:36: database.path: can't stand together with url",
    ],
    ['a mistyped form', 'database: { ulr: x }', '12:13: database.ulr: is no key here. Did you mean url?'],
    ['an empty list', 'guards: { protected: [""] }', '12:23: guards.protected[0]: must not be empty'],
    [
      'a space missing after the colon',
      'guards: { level:debug }',
      '12:1: guards: holds a key that no key is named like',
    ],
  ])('%s', async (_, more, expected) => {
    await using folder = await createConfigFolder();

    const lines = (await folder.problemsOf(sound(more))).map(describeProblem);

    expect(lines).toContainEqual(expect.stringContaining(`${folder.file}:${expected}`));
  });

  it.each([
    [
      'a missing key',
      ['    baseDn: dc=example,dc=com', ''],
      '5:5: sources[0].baseDn: is missing. Give it (Where people are',
    ],
    [
      'an unknown type',
      ['type: ldif', 'type: ldfi'],
      '10:5: sources[1].type: must be one of: ldap, entra, ldif. Did you mean ldif?',
    ],
    ['an id with capitals', ['id: corp', 'id: Corp'], '5:5: sources[0].id: has the wrong form: use up to 32'],
    [
      'an id given twice',
      ['id: hr-export', 'id: corp'],
      '4:1: sources: is not right: every source needs an id',
    ],
  ])('%s', async (_, [from = '', to = ''], expected) => {
    await using folder = await createConfigFolder();

    const lines = (await folder.problemsOf(sound().replace(from, to))).map(describeProblem);

    expect(lines).toEqual([expect.stringContaining(`${folder.file}:${expected}`)]);
  });

  it('all at once', async () => {
    await using folder = await createConfigFolder();

    const problems = await folder.problemsOf(sound('log: { level: x }\nserver: { port: x, hots: y }'), {
      ROLLCALL__NOWHERE: '1',
    });

    expect(problems.map(({ path }) => path)).toEqual(['log.level', 'server.port', 'server.hots', '']);
  });
});

describe('secrets', () => {
  const secret = fc.stringMatching(/^[a-z]{6,12}$/).map((text) => `canary${text}canary`);
  const places = fc.constantFrom(
    (text: string) => sound().replace('apiKey: key', `apiKey: [${text}]`),
    (text: string) => sound().replace('apiKey: key', `apiKey: { ${text}: 1 }`).replace('https:', 'ftp:'),
    (text: string) => sound().replace('apiKey: key', `apiKey: *${text}`),
    (text: string) => sound().replace('apiKey: key', `apiKey: !${text}`),
    (text: string) => sound().replace('apiKey: key', `apiKey: @${text}`),
    (text: string) => sound().replace('apiKey: key', `apiKey: "${text}`),
    (text: string) => sound().replace('apiKey: key', `apiKey:${text}`),
    (text: string) => sound().replace('apiKey: key', `apiKey: a: ${text}`),
    (text: string) => sound().replace('apiKey: key', `apiKey: "\\q${text}"`),
    (text: string) => sound(`database: { url: "mysql://u:${text}@h/d" }`),
    (text: string) => sound(`database: { path: 7, password:${text} }`),
    (text: string) => sound(`redis: { sentinels: [], name: 1, password: "${text}" }`),
    (text: string) => sound(`redis: { url: "redis//:${text}@h", password: "${text}" }`),
    (text: string) => sound(`log: "${text}"`),
    (text: string) => sound(`log: { level: "${text}" }`),
    (text: string) => sound('server: { port: "${env:SECRET}" }').concat(`\n# ${text}`),
    (text: string) => sound(`lifecycle: { grace: ${text}, onboard: ${text} }`),
    (text: string) => sound(`- ${text}`),
  );

  it('never appear in what is wrong', async () => {
    await using folder = await createConfigFolder();

    await fc.assert(
      fc.asyncProperty(places, secret, async (place, text) => {
        const variables = {
          SECRET: text,
          ROLLCALL__SERVER__PORT: text,
          ROLLCALL__LOG: text,
          ROLLCALL__SOURCES: text,
        };
        const problems = await folder.problemsOf(place(text), variables);
        expect(problems.map(describeProblem).join('\n').replaceAll(folder.folder, '')).not.toContain(
          text.slice(6, -6),
        );
      }),
      { numRuns: 200 },
    );
  });
});
