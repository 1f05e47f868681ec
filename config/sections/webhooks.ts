import { z } from 'zod';

/** As Standard Webhooks gives them: base64 of 24 to 64 random bytes, after `whsec_`. */
export const signingSecret = z.string().refine((text) => {
  const encoded = text.replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return false;
  const { length } = Buffer.from(encoded, 'base64');
  return length >= 24 && length <= 64;
}, 'write `whsec_` and the base64 of 24 to 64 random bytes, such as from: echo whsec_$(openssl rand -base64 32)');

export const webhooks = z
  .strictObject({
    offboarding: z
      .strictObject({
        secrets: z
          .array(signingSecret)
          .min(1)
          .max(5)
          .describe(
            'Whoever signs with one of them is believed. Two at a time let the sender change over: add the new one, change the sender, take the old one away',
          )
          .meta({ examples: [['${file:/run/secrets/hr_webhook}']] }),
      })
      .optional()
      .describe('POST /hooks/offboarding, where HR says by itself that somebody left (Standard Webhooks)'),
  })
  .prefault({})
  .describe('What others may call');
