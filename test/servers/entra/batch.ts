/** `$batch`: up to twenty requests in one, each with an answer of its own, in any order. */
import { badQuery } from './graph-error.ts';
import { parametersOf, type Reply, type Request } from './query.ts';

export async function answerBatch(
  request: Request,
  answer: (inner: Request) => Promise<Reply>,
): Promise<Reply> {
  const asked: unknown = Object(request.body).requests;
  if (!Array.isArray(asked) || asked.length === 0 || asked.length > 20)
    throw badQuery('Number of batch request steps exceeds the maximum value of 20.');
  const responses = await Promise.all(
    asked.map(async ({ id, method, url, headers = {}, body }) => {
      if (typeof url !== 'string' || !url.startsWith('/') || url.startsWith('/v1.0'))
        return {
          id,
          status: 400,
          headers: {},
          body: { error: { code: 'BadRequest', message: 'Invalid batch payload format.' } },
        };
      const [path = '', search = ''] = url.split('?');
      const lower = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      );
      const inner = {
        ...request,
        method,
        path: decodeURIComponent(path),
        parameters: parametersOf(search),
        headers: lower,
        body,
      };
      const reply = await answer(inner);
      return { id, status: reply.status, headers: reply.headers ?? {}, body: reply.body };
    }),
  );
  return { status: 200, body: { responses: responses.reverse() } };
}
