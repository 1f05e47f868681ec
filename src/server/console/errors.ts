/** What went wrong, as a page with a sentence. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SourceError } from '../../../connectors/source-error.ts';
import type { Engine } from '../../engine/index.ts';
import { html } from '../../html/html.ts';
import { ProfileApiError } from '../../profile-api/index.ts';
import { TooManyStreams } from '../streams/event-stream.ts';
import type { Assets } from './assets.ts';
import { send } from './routes.ts';

interface Told {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

/** What somebody asked for is not there, or can't be done. Its sentence is shown. */
export class PageError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, sentence: string) {
    super(sentence);
    this.status = status;
    this.title = title;
  }
}

export function mountErrors(app: FastifyInstance, { log }: Engine, assets: Assets): void {
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, title, text }: Told,
  ): FastifyReply => {
    const frame = { visitor: undefined, csrf: '', path: request.url, assets };
    const content = html`<p>${text}</p><p><a href="/">Go to the overview</a></p>`;
    return send(reply, { title, content, status }, frame);
  };
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const told = tell(error);
    if (told.status >= 500)
      log.error(
        { event: 'console.failed', path: request.routeOptions.url, err: error },
        'A page could not be made.',
      );
    return show(request, reply, told);
  });
  app.setNotFoundHandler((request, reply) =>
    show(request, reply, { status: 404, title: 'Not found', text: 'There is no such page.' }),
  );
}

function tell(error: FastifyError): Told {
  if (error instanceof PageError) return { status: error.status, title: error.title, text: error.message };
  if (error instanceof SourceError || error instanceof ProfileApiError)
    return { status: 502, title: 'No answer', text: error.message };
  if (error instanceof TooManyStreams)
    return { status: 503, title: 'Too many pages are open', text: error.message };
  if (error.code?.startsWith('FST_CSRF'))
    return {
      status: 403,
      title: 'This form is out of date',
      text: 'Nothing was done. Load the page that it is on again, and send it once more.',
    };
  const status = error.statusCode ?? 500;
  if (status === 429)
    return { status, title: 'Too many tries', text: 'Nobody can sign in from this address for a minute.' };
  if (status < 500) return { status, title: 'Not understood', text: error.message };
  return {
    status,
    title: 'That went wrong',
    text: 'The page could not be made just now. The log of Rollcall says why; nothing is lost. Try it again.',
  };
}
