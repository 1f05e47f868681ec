/** Text from outside (names in a directory, sentences of a server) made harmless wherever people read it: nothing in it acts, or hides. */

const escapeCode = '\u001b';

/**
 * What a terminal or a browser may act on, or a reader can't see: controls, line separators, lone surrogates, and format characters
 * such as those that turn the reading direction round. The two joiners stay: Persian, Hindi and emoji need them.
 */
const hidden = String.raw`(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]`;
const hiddenCharacter = new RegExp(hidden, 'gu');
const colourOrHidden = new RegExp(String.raw`${escapeCode}\[[\d;]*m|${hidden}`, 'gu');

/** One line without any control character; each is shown as `\n`, `\x1b` or `\u{202e}` instead. */
export function printable(text: string): string {
  return text.replace(hiddenCharacter, shown);
}

/** A value, such as an attribute's, as JSON, in which an absent, a null and an empty value look different. */
export function printableValue(value: unknown): string {
  return harmlessJson(JSON.stringify(value));
}

/** JSON text of the same meaning that a terminal can show as it is: JSON leaves some control characters as they are. */
export function harmlessJson(json: string): string {
  return json.replace(hiddenCharacter, (character) =>
    character === '\n' ? character : [...codeUnits(character)].join(''),
  );
}

/** Lets line ends and, where there are colours, their codes through, and shows every other control character. */
export function onlyColours(text: string, hasColours: boolean): string {
  return text.replace(colourOrHidden, (found) => {
    if (found === '\n') return found;
    if (found.length > 1 && found.startsWith(escapeCode)) return hasColours ? found : '';
    return shown(found);
  });
}

const named: ReadonlyMap<string, string> = new Map([
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
]);

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return (
    named.get(character) ??
    (code < 0x100 ? String.raw`\x${digits.padStart(2, '0')}` : String.raw`\u{${digits}}`)
  );
}

function* codeUnits(character: string): Generator<string> {
  for (let index = 0; index < character.length; index++) {
    yield String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
}
