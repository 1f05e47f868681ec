/** The addresses of the sixteen endpoints. */

const root = 'ux/common/user/profile/';

const endpointNames = [
  'active_users',
  'activeuser_list',
  'download_csv',
  'getmyprofile',
  'logout',
  'myprofile',
  'options',
  'preference',
  'upload_csv',
  'user_invite',
  'validate_csv',
] as const;

export type EndpointName = (typeof endpointNames)[number];

const reserved: ReadonlySet<string> = new Set(endpointNames);

/** Where requests go, from the configured address of the org; a path in front and a slash behind are fine. */
export interface Addresses {
  readonly list: (query?: Readonly<Record<string, string>>) => URL;
  readonly endpoint: (name: EndpointName) => URL;
  /** @throws {RangeError} for an id that cannot be part of a path, or that is another endpoint's name */
  readonly profile: (id: string) => URL;
}

/** @param url `profileApi.url`: an address with http or https; query, fragment and credentials are left out */
export function addressesUnder(url: string): Addresses {
  const base = new URL(url);
  base.search = '';
  base.hash = '';
  base.username = '';
  base.password = '';
  const front = base.pathname.replace(/\/+$/, '');
  base.pathname = `${front.endsWith(`/${root.slice(0, -1)}`) ? front.slice(0, -root.length) : front}/${root}`;
  const below = (path: string) => new URL(base.href + path);
  return {
    list: (query = {}) => {
      const address = below('');
      for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value);
      return address;
    },
    endpoint: (name) => below(`${name}/`),
    profile: (id) => below(`${encodeId(id)}/`),
  };
}

function encodeId(id: string): string {
  // A path of dots would climb to another endpoint, even percent-encoded (WHATWG URL, 4.4).
  const isUsable = id !== '' && id !== '.' && id !== '..' && id.isWellFormed() && !reserved.has(id);
  if (!isUsable) throw new RangeError(`${JSON.stringify(id)} cannot be the id of a profile.`);
  return encodeURIComponent(id);
}

/** An address for messages: without query. */
export function plainAddress(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
