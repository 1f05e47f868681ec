/** 389 Directory Server's retro changelog as it is at its worst: trimmed, another server's, forbidden, too long, cut off. */
import { expect, test } from 'vitest';
import { type Reply, startScriptedLdap } from '../../servers/scripted-ldap.ts';
import { readWhole, tell } from './changes.ts';
import { connectorToUrl } from './source.ts';

const annId = '0a1b2c3d-11223344-55667788-99aabbcc';

const ann: Reply = {
  kind: 'entry',
  dn: 'uid=ann,ou=people',
  attributes: { nsUniqueId: [annId], uid: ['ann'], mail: ['ann@example.com'], modifyTimestamp: ['2026Z'] },
};
const change = (number: number, id = `log-${number}`, target: readonly string[] = [annId]): Reply => ({
  kind: 'entry',
  dn: `changenumber=${number},cn=changelog`,
  attributes: {
    ...{ changeNumber: [`${number}`], changeType: ['modify'], nsUniqueId: [id] },
    ...(target.length > 0 ? { targetUniqueId: target } : {}),
  },
});
const done: Reply = { kind: 'done', cookie: '' };

/** @param first what the whole reading finds in the changelog @param then what the delta finds */
async function startServer(first: readonly Reply[], then: readonly Reply[], last = '7') {
  let asked = 0;
  let lastNow = '5';
  return await startScriptedLdap({
    onSearch: ({ base }) => {
      if (base === '') {
        const attributes = {
          ...{ vendorName: ['389 Project'], namingContexts: ['ou=people'] },
          ...{ changeLog: ['cn=changelog'], firstChangeNumber: ['1'], lastChangeNumber: [lastNow] },
        };
        return [{ kind: 'entry', dn: '', attributes }, { kind: 'done' }];
      }
      if (base !== 'cn=changelog') return [ann, done];
      asked += 1;
      if (asked === 2) lastNow = last;
      return asked <= 2 ? first : then;
    },
  });
}

const settings = { vendor: '389ds', schedule: { full: '0 3 * * *', delta: '*/5 * * * *' } };

test('whoever is named by a change is read again', async () => {
  const server = await startServer([change(5), done], [change(7), change(5), change(6), done]);
  try {
    const connector = connectorToUrl(server.url, settings);
    const { cursor } = await readWhole(connector);

    const told = await tell(connector, cursor);

    expect([...told.changed.keys()]).toEqual([annId]);
    expect(told.end).toMatchObject({ kind: 'end', cursor: expect.stringContaining('"number":7') });
  } finally {
    await server.stop();
  }
});

test.each<[string, readonly Reply[], string]>([
  ['was trimmed', [change(7), done], 'trimmed'],
  ["is another server's", [change(5, 'other-5'), change(6), change(7), done], "another server's"],
  ['may not be read any more', [done], 'may not read it'],
  ['lacks a change', [change(5), change(7), done], 'Changes are missing between 5 and 7'],
  ['ends too early', [change(5), change(6), done], 'Changes are missing between 5 and 7'],
  ['names nobody', [change(5), change(6, 'log-6', []), change(7), done], 'targetUniqueId'],
  ['is longer than the size limit', [change(5), { kind: 'done', code: 4 }], 'sizeLimitExceeded'],
])('a changelog that %s means a whole reading', async (_, then, why) => {
  const server = await startServer([change(5), done], then);
  try {
    const connector = connectorToUrl(server.url, settings);
    const { cursor } = await readWhole(connector);

    const told = await tell(connector, cursor);

    expect(told.end).toMatchObject({ kind: 'cursor-lost', reason: expect.stringContaining(why) });
    expect(told.departures).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('a connection that is cut breaks the delta, which is tried again from the same place', async () => {
  const server = await startServer([change(5), done], [change(5), { kind: 'cut' }]);
  try {
    const connector = connectorToUrl(server.url, settings);
    const { cursor } = await readWhole(connector);

    expect((await tell(connector, cursor)).end.kind).toBe('broken');
  } finally {
    await server.stop();
  }
});

test('without the right to read it, changes are read by time stamps, and check says what is lacking', async () => {
  const server = await startServer([done], [done]);
  try {
    const connector = connectorToUrl(server.url, settings);
    const { cursor } = await readWhole(connector);
    const findings = await connector.probe({ attributes: ['cn'], signal: new AbortController().signal });

    expect(cursor).toContain('"timestamps"');
    expect(findings.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(
        /by the retro changelog \(the account may not read cn=changelog.*by the time stamps/,
      ),
    );
  } finally {
    await server.stop();
  }
});
