/** docs/lifecycle.md, made from the cases. */
import type { Case, Chapter, Step } from './step.ts';

export const documentFile = new URL('../../docs/lifecycle.md', import.meta.url);

const preface = `# What happens to whom

Every case below is a test: it is lived through with Rollcall's own rules on each change of the program. The page is made from
the cases (\`npm run docs:lifecycle\`), so it says what Rollcall does, not what somebody once meant it to do. \`corp\` and \`cloud\` are two
directories, in this order in the configuration. Where a case names no settings, the defaults hold. Guards, which hold
large changes until a person approves them, are not part of this page.

How the words are meant: *deactivated* is blocked in the org, with everything kept; *waiting* means that time must pass or
somebody else must move first; *left* means that it is not Rollcall's to change; *conflict* means that a person must
decide (\`rollcall conflicts\` names the command); *skipped* means that the record in the directory can't be used.
`;

export function documentOf(chapters: readonly Chapter[]): string {
  let number = 0;
  const parts = chapters.map(({ title, about, cases }) =>
    [`## ${title}`, about, ...cases.map((one) => describeCase(one, ++number))].join('\n\n'),
  );
  return `${[preface.trim(), ...parts].join('\n\n')}\n`;
}

const describeCase = ({ name, settings, given, when, outcome }: Case, number: number): string =>
  [
    `### ${number}. ${name}`,
    ...(settings === undefined ? [] : [`\`\`\`yaml sources=corp,cloud\n${settings}\n\`\`\``]),
    [
      ...(given.length === 0 ? [] : [`- **Given:** ${inOrder(given)}`]),
      `- **When:** ${inOrder(when)}`,
      `- **Then:** ${inOrder(outcome)}`,
    ].join('\n'),
  ].join('\n\n');

const inOrder = (steps: readonly Step[]): string => {
  const text = steps.map(({ says }) => says).join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
};
