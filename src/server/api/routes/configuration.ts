import { z } from 'zod';
import { configInWords, redactConfig } from '../../../../config/index.ts';
import type { Api } from '../route.ts';

export function addConfiguration(api: Api): void {
  const { config } = api.engine;
  api.json({
    ...{
      method: 'GET',
      path: '/configuration',
      id: 'getConfiguration',
      role: 'viewer',
      tag: 'Configuration',
    },
    summary: 'The configuration in force, without its secrets',
    answer: z.record(z.string(), z.unknown()).meta({ id: 'Configuration' }),
    handle: async () => redactConfig(config),
  });
  api.json({
    ...{
      ...{ method: 'GET', path: '/configuration/words', id: 'explainConfiguration' },
      ...{ role: 'viewer', tag: 'Configuration' },
    },
    summary: 'What the configuration means, in words',
    answer: z.object({
      chapters: z.array(
        z.object({
          title: z.string(),
          sentences: z.array(
            z.object({
              text: z.string(),
              key: z.string().meta({ description: 'The key that decides it', examples: ['lifecycle.grace'] }),
            }),
          ),
        }),
      ),
    }),
    handle: async () => ({ chapters: configInWords(config) }),
  });
}
