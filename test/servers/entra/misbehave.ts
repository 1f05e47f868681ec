/** The misfortunes that come in place of any answer. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Misfortune } from './faults.ts';

/** Lets it happen; false where the misfortune is one of an answer that has to be made first. */
export function misbehave(misfortune: Misfortune, response: ServerResponse): boolean {
  switch (misfortune.kind) {
    case 'hang':
      return true;
    case 'reset':
      response.destroy();
      return true;
    case 'html':
      response.writeHead(misfortune.status, { 'content-type': 'text/html', ...misfortune.headers });
      response.end('<html><body><h1>Service Unavailable</h1></body></html>');
      return true;
    case 'answer':
      response.writeHead(misfortune.status, { 'content-type': 'application/json', ...misfortune.headers });
      response.end(misfortune.body === undefined ? '' : JSON.stringify(misfortune.body));
      return true;
    case 'bomb':
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(misfortune.mib * 1_024 * 1_024, ' ')));
      return true;
    case 'headers':
    case 'cut':
    case 'half':
    case 'loop':
    case 'link':
    case 'change':
      return false;
    default:
      return misfortune satisfies never;
  }
}
