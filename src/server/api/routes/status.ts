import { z } from 'zod';
import { roles } from '../../../../config/sections/server.ts';
import { statusOf } from '../../../engine/index.ts';
import { statusJson } from '../../../json/index.ts';
import { status } from '../../../json/schemas/status.ts';
import { statusChanges } from '../../streams/status-changes.ts';
import type { Api } from '../route.ts';

export function addStatus(api: Api): void {
  const { engine, streams } = api;
  api.json({
    ...{ method: 'GET', path: '/me', id: 'whoAmI', role: 'viewer', tag: 'Status' },
    summary: 'Who the token is',
    answer: z
      .object({ name: z.string(), role: z.enum(roles), actor: z.string() })
      .meta({ id: 'Me', examples: [{ name: 'ci', role: 'operator', actor: 'token:ci' }] }),
    handle: async ({ visitor }) => visitor,
  });
  api.json({
    ...{ method: 'GET', path: '/status', id: 'getStatus', role: 'viewer', tag: 'Status' },
    summary: 'How things are',
    description: 'Sources with their last and next run, the queue, what is held or failed, who is at work.',
    answer: status,
    handle: async ({ engine: asked }) => statusJson(await statusOf(asked)),
  });
  const changes = statusChanges(engine);
  api.stream({
    ...{ method: 'GET', path: '/events', id: 'watchStatus', role: 'viewer', tag: 'Status' },
    summary: 'Tells how things are, whenever that changes',
    description:
      'Server-sent events: `status`, at once and after each change, with what `/status` answers. The stream stays open until the service stops; then connect again.',
    types: ['text/event-stream'],
    problems: ['too-many-streams'],
    handle: async (_call, reply) => {
      let leave = (): void => undefined;
      const stream = streams.open(reply, () => leave());
      leave = changes.listen((state) => stream.send('status', state));
      return reply;
    },
  });
}
