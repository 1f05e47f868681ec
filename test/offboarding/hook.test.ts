/** HR's webhook, over HTTP: signed, fresh, taken once, and answered in words. */
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { startServer } from '../../src/server/server.ts';
import { type Installation, install } from '../engine/installation.ts';
import { standing } from './office.ts';

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const [old, current] = [newSecret(), newSecret()];
const stranger = newSecret();

interface Sending {
  readonly id?: string;
  readonly secret?: string;
  readonly at?: Date;
  /** What arrives in place of what was signed. */
  readonly tampered?: string;
}

async function withHook(
  work: (
    here: Installation,
    send: (body: unknown, sending?: Sending) => Promise<{ status: number; body: Record<string, unknown> }>,
    url: string,
    log: readonly string[],
  ) => Promise<void>,
): Promise<void> {
  const webhooks = `{ offboarding: { secrets: [ "${old}", "${current}" ] } }`;
  await using here = await install({ config: { webhooks, server: '{ port: 0 }' } });
  await here.sync();
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const server = await startServer({ ...here.engine, log }, { roles: [] });
  const url = `${server.url}/hooks/offboarding`;
  try {
    await work(
      here,
      async (content, { id = 'msg-1', secret = current, at = new Date(), tampered } = {}) => {
        const body = typeof content === 'string' ? content : JSON.stringify(content);
        const headers = {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': new Webhook(secret).sign(id, at, body),
        };
        const answer = await fetch(url, { method: 'POST', headers, body: tampered ?? body });
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
      },
      url,
      lines,
    );
  } finally {
    await server.close();
  }
}

const left = (email: string, more: object = {}) => ({
  type: 'person.left',
  timestamp: '2026-03-02T12:00:00Z',
  data: { who: { email }, reason: 'Contract ended.', eventId: 'hr-7', ...more },
});

test('an event deactivates at once, and the same delivery again is a success that does nothing', async () => {
  await withHook(async (here, send) => {
    const { mail } = here.person(0);

    const first = await send(left(mail));
    const again = await send(left(mail), { at: new Date(Date.now() - 60_000) });

    expect(first).toMatchObject({ status: 200, body: { outcome: 'deactivating' } });
    expect(again).toMatchObject({ status: 200, body: { outcome: 'deactivating', repeated: true } });
    const words = await standing(here);
    expect(words.map(({ eventId, reason }) => [eventId, reason])).toEqual([['hr-7', 'Contract ended.']]);
    expect(again.body.run).toBe(words[0]?.run);
  });
});

test('the log tells of each delivery, and of nobody by name', async () => {
  await withHook(async (here, send, _, log) => {
    const { mail } = here.person(0);
    const [{ label }] = (
      await here.engine.store.pool.query('SELECT label FROM links WHERE email = $1', [mail])
    ).rows;

    await send(left(mail), { id: 'one' });
    await send(left(mail), { id: 'two' });
    await send(left('nobody@example.com'), { id: 'three' });
    await send(left(mail), { id: 'four', secret: stranger });

    const told = log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'hook.offboarding');
    expect(told.map(({ outcome }) => outcome)).toEqual([
      'deactivating',
      'left-already',
      'unknown',
      'refused',
    ]);
    expect(told[0].run).toMatch(/^[a-z0-9]+$/);
    expect(told[3].msg).toContain('webhooks.offboarding.secrets');
    expect(label).not.toBe(mail);
    expect(log.join('\n')).not.toContain(label);
  });
});

test('deliveries of the same event at the same moment do it once', async () => {
  await withHook(async (here, send) => {
    const body = left(here.person(0).mail);

    const answers = await Promise.all(Array.from({ length: 8 }, () => send(body)));

    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ body: { repeated } }) => repeated === true)).toHaveLength(7);
    expect(await standing(here)).toHaveLength(1);
  });
});

test('another content under the same id is refused', async () => {
  await withHook(async (here, send) => {
    await send(left(here.person(0).mail));

    expect(await send(left(here.person(1).mail))).toMatchObject({
      status: 409,
      body: { outcome: 'contradiction' },
    });
    expect(await standing(here)).toHaveLength(1);
  });
});

test('whoever signs with another secret, for another body, long ago or not at all is not believed', async () => {
  await withHook(async (here, send, url) => {
    const body = left(here.person(0).mail);
    const bare = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    const answers = [
      await send(body, { secret: stranger }),
      await send(body, { tampered: JSON.stringify(left(here.person(1).mail)) }),
      await send(body, { at: new Date(Date.now() - 301_000) }),
      await send(body, { at: new Date(Date.now() + 301_000) }),
    ];

    expect([bare.status, ...answers.map(({ status }) => status)]).toEqual([401, 401, 401, 401, 401]);
    expect(await bare.text()).toContain('webhook-id');
    expect(answers[2]?.body.sentence).toContain('look at the clocks');
    expect(JSON.stringify(answers)).not.toContain(current.slice(6));
    expect(await standing(here)).toEqual([]);
  });
});

test('both secrets are good while the sender changes over', async () => {
  await withHook(async (here, send) => {
    const answers = [
      await send(left(here.person(0).mail), { id: 'a', secret: old }),
      await send(left(here.person(1).mail), { id: 'b', secret: current }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

test('an unknown person is 404 in words, and the same event is taken once they are known', async () => {
  await withHook(async (here, send) => {
    const { mail } = here.person(0);
    const { db } = here.engine.store;
    await db.updateTable('links').set({ email: null, applied: '{}' }).where('email', '=', mail).execute();

    const unknown = await send(left(mail));
    await db.updateTable('links').set({ email: mail }).where('email', 'is', null).execute();
    const known = await send(left(mail));

    expect(unknown).toMatchObject({ status: 404, body: { outcome: 'unknown' } });
    expect(unknown.body.sentence).toContain(`Nobody whom Rollcall looks after is called email ${mail}`);
    expect(known.status).toBe(200);
  });
});

test('what is malformed is 400 with what is wrong, what is too long is 413, and nothing is done', async () => {
  await withHook(async (here, send) => {
    const { mail } = here.person(0);
    const bodies = [
      'no JSON',
      '[]',
      { type: 'person.vanished', data: { who: { email: mail } } },
      { type: 'person.left', data: {} },
      { type: 'person.left', data: { who: { source: 'people' } } },
      { type: 'person.left', data: { who: { email: mail, shoeSize: 43 } } },
      left(mail, { at: '2026-02-30' }),
      left(mail, { reason: 'x'.repeat(501) }),
    ];
    const statuses = [];
    for (const [index, body] of bodies.entries())
      statuses.push((await send(body, { id: `bad-${index}` })).status);
    const long = await send(left(mail, { reason: 'x'.repeat(70_000) }));

    expect(statuses).toEqual(bodies.map(() => 400));
    expect(long.status).toBe(413);
    expect(await standing(here)).toEqual([]);
  });
});

test('somebody is found by any names that fit together; a time in the place of HR is kept; a return takes it back', async () => {
  await withHook(async (here, send) => {
    const { mail, entryUuid } = here.person(0);
    const both = { who: { email: mail, anchor: entryUuid.toUpperCase() }, at: '2099-07-31' };
    const crossed = { who: { email: mail, anchor: here.person(1).entryUuid } };

    const scheduled = await send({ type: 'person.left', data: both }, { id: 'a' });
    const nobody = await send({ type: 'person.left', data: crossed }, { id: 'b' });
    const [word] = await standing(here);
    const back = await send({ type: 'person.returns', data: { who: { email: mail } } }, { id: 'c' });

    expect([scheduled.status, nobody.status, back.status]).toEqual([200, 404, 200]);
    expect(word).toMatchObject({ dueAt: new Date('2099-08-01T00:00:00Z'), eventId: 'a' });
    expect(back.body.outcome).toBe('taken-back');
    expect(await standing(here)).toEqual([]);
  });
});
