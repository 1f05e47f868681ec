/** The console without a browser, for what only shows in headers: a jar of cookies, and forms sent as pages have them. */
export interface Client {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends a form; its token is that of `page`, or what is given as `_csrf`. */
  post(path: string, form: Readonly<Record<string, string>>, page?: string): Promise<Response>;
  signIn(token: string): Promise<Response>;
  /** The same person at another server. */
  at(url: string): Client;
}

let last = 0;

/** @param headers - of every request; without `x-forwarded-for` they come from an address of their own */
export function clientOf(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  cookies = new Map<string, string>(),
): Client {
  last += 1;
  const own = { 'x-forwarded-for': `10.0.${Math.floor(last / 250)}.${last % 250}`, ...headers };

  async function send(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${url}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { ...own, ...init.headers, cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  const client: Client = {
    cookies,
    get: (path, more = {}) => send(path, { headers: more }),
    async post(path, form, page) {
      const text = page === undefined ? '' : await (await client.get(page)).text();
      const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(text) ?? [];
      return await send(path, { method: 'POST', body: new URLSearchParams({ _csrf: token, ...form }) });
    },
    signIn: (token) => client.post('/sign-in', { token }, '/sign-in'),
    at: (other) => clientOf(other, own, cookies),
  };
  return client;
}
