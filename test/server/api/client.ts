/** Asks the API of a site as somebody with one of its tokens would. */
import type { Role } from '../../../src/server/access/roles.ts';
import { type Site, tokens } from '../console/site.ts';

export interface Told {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  /** What JSON says; the text itself where it is none. */
  readonly body: unknown;
}

export interface Asked {
  readonly as?: Role | 'nobody' | 'stranger';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  get(path: string, asked?: Asked): Promise<Told>;
  post(path: string, body?: unknown, asked?: Asked): Promise<Told>;
  ask(method: string, path: string, asked?: Asked): Promise<Told>;
}

/** @param path - of `ask` a whole one, of the others below `/api/v1` */
export function clientOf({ url }: Pick<Site, 'url'>): Client {
  const ask = async (method: string, path: string, asked: Asked = {}): Promise<Told> => {
    const { as = 'approver', body, headers } = asked;
    const token = as === 'nobody' ? undefined : as === 'stranger' ? 'x'.repeat(30) : tokens[as];
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    return {
      status: response.status,
      type,
      headers: response.headers,
      body:
        ['application/json', 'application/problem+json'].includes(type) && text !== ''
          ? JSON.parse(text)
          : text,
    };
  };
  return {
    ask,
    get: (path, asked) => ask('GET', `/api/v1${path}`, asked),
    post: (path, body, asked) => ask('POST', `/api/v1${path}`, { ...asked, body }),
  };
}
