/** What the routes read off a request. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Body } from '../org/create-user.ts';
import type { Author } from '../org/journal.ts';
import { Refusal } from '../org/refusal.ts';

const jsonObject = z.record(z.string(), z.unknown());

/** The body as a JSON object; no body at all counts as an empty one.
 * @throws Refusal 400 */
export function bodyOf(request: FastifyRequest): Body {
  const body = jsonObject.safeParse(request.body ?? {});
  if (!body.success) throw new Refusal(400, 'Please provide a JSON object.');
  return body.data;
}

export function authorOf(request: FastifyRequest): Author {
  const key = request.headers['idempotency-key'];
  return { by: 'api', idempotencyKey: typeof key === 'string' ? key : undefined };
}

/** The `{id}` of the path. */
export function idOf(request: FastifyRequest): string {
  const { id } = z.object({ id: z.string() }).parse(request.params);
  return id;
}

/** The one file of a multipart upload, as text.
 * @throws Refusal 400 */
export async function uploadedText(request: FastifyRequest): Promise<string> {
  if (!request.isMultipart()) throw new Refusal(400, 'Please provide a file.');
  const file = await request.file();
  if (file === undefined) throw new Refusal(400, 'Please provide a file.');
  return (await file.toBuffer()).toString('utf8');
}
