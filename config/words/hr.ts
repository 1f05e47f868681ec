import type { Config } from '../schema.ts';
import { type Chapter, say } from './chapter.ts';

export function hrInWords({ offboarding, webhooks }: Config): Chapter {
  const { folder, timezone } = offboarding;
  return {
    title: 'What HR can say by itself',
    sentences: [
      say(
        'webhooks.offboarding',
        webhooks.offboarding === undefined
          ? 'No HR system can call Rollcall.'
          : 'An HR system can call Rollcall, signed, to say that somebody leaves: they are deactivated ahead of all other work.',
      ),
      say(
        'offboarding.folder',
        folder === undefined
          ? 'No folder is watched for lists of leavers.'
          : `Lists of leavers are taken from the folder ${folder}, and each row is answered.`,
      ),
      say(
        'offboarding.timezone',
        `A day or time without a time zone is meant in ${timezone ?? 'that of the person’s source'}.`,
      ),
    ],
  };
}
