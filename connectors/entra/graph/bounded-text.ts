/** The text of an answer, as long as no honest answer is longer: a few compressed kilobytes can unfold to gigabytes. */

/** A page of 999 people has one or two. */
export const maxAnswerMib = 64;

/**
 * Reads an answer to its end, or gives up on it.
 *
 * @returns undefined where it is larger than {@link maxAnswerMib}, after decompression
 * @throws what the network did to the body
 */
export async function boundedText({ body }: Response): Promise<string | undefined> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    // Leaving the loop cancels the body, and the connection with it.
    if (length > maxAnswerMib * 1_024 * 1_024) return undefined;
    pieces.push(decoder.decode(chunk, { stream: true }));
  }
  pieces.push(decoder.decode());
  return pieces.join('');
}
