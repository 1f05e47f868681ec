import type { Config } from '../schema.ts';
import { type Chapter, say } from './chapter.ts';

const names: Readonly<Record<Config['correlation'][number], string>> = {
  email: 'e-mail address',
  username: 'user name',
  'employee-number': 'employee number, as that of somebody who is gone',
};

export function belongingInWords({ scope, correlation }: Config): Chapter {
  const how = correlation.map((rule) => names[rule]);
  return {
    title: 'Who belongs in the org',
    sentences: [
      scope === 'true'
        ? say('scope', 'Everybody who is read and has not left belongs in the org.')
        : say('scope', `Of those who have not left, whoever this is true of belongs in the org: ${scope}`),
      how.length === 0
        ? say('correlation', 'A profile that is in the org already is never taken over.')
        : say(
            'correlation',
            `A profile that is in the org already is taken over where it has the same ${how.join(', or else ')}, and nobody else could be meant.`,
          ),
    ],
  };
}

export const mappingInWords = ({ mapping, precedence }: Config): Chapter => ({
  title: 'What is sent to the org',
  sentences: Object.entries(mapping).map(([attribute, written]) => {
    const { value, authoritative } =
      typeof written === 'object' ? written : { value: written, authoritative: true };
    const after =
      authoritative === true
        ? ''
        : authoritative === 'initial'
          ? ' It is set once, and the org’s own from then on.'
          : ' A change by hand in the org stays until the source changes.';
    return say(
      `mapping.${attribute}`,
      `${attribute} is ${value}.${after}${inSeveral(Object.hasOwn(precedence, attribute) ? precedence[attribute] : undefined)}`,
    );
  }),
});

function inSeveral(order: readonly string[] | undefined): string {
  const [first, ...others] = order ?? [];
  if (first === undefined) return '';
  const then = others.map((source) => `, then of ${source}`).join('');
  return ` Of somebody who is in several sources, the value of ${first} counts${then}, whichever first has any.`;
}
