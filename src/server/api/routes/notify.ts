import { z } from 'zod';
import { testChannels } from '../../../acts/index.ts';
import { plainText } from '../../../json/schemas/parts.ts';
import { tried } from '../../../json/schemas/status.ts';
import { unlessRefused } from '../problem.ts';
import type { Api } from '../route.ts';

export function addNotify({ engine, json }: Api): void {
  json({
    ...{ method: 'POST', path: '/notify/test', id: 'testChannels', role: 'operator', tag: 'Status' },
    summary: 'Sends a test message through each channel of alerts, or one',
    body: z
      .strictObject({
        channel: plainText.optional().meta({ description: 'Each where it is left out', examples: ['ops'] }),
      })
      .meta({ examples: [{ channel: 'ops' }] }),
    answer: tried,
    problems: ['not-found'],
    handle: async ({ body: { channel }, signal }) => ({
      items: unlessRefused(await testChannels(engine.config, channel, signal)).tried,
    }),
  });
}
