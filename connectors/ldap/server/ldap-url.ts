/** LDAP URLs (RFC 4516), as referrals and references name other servers by. */
import { type Filter, FilterSyntaxError, parseFilter } from '../wire/filter.ts';

export interface LdapUrl {
  /** Scheme, host and port, such as `ldap://other.example.com:389`. */
  readonly server: string;
  readonly host: string;
  /** Undefined where the base of the search goes on. */
  readonly base: string | undefined;
  readonly scope: 'base' | 'one' | 'sub' | undefined;
  readonly filter: Filter | undefined;
}

/** What the text says; undefined where it is no such URL. */
export function parseLdapUrl(text: string): LdapUrl | undefined {
  const [, scheme = '', authority = '', path = ''] =
    /^(ldaps?):\/\/([^/?]*)\/?(.*)$/is.exec(text.trim()) ?? [];
  const isTls = scheme.toLowerCase() === 'ldaps';
  const [dn = '', , scope = '', filter = ''] = path.split('?');
  try {
    const { hostname, port, username, password } = new URL(`${scheme}://${authority}`);
    if (hostname === '' || username + password !== '' || !/^(base|one|sub|)$/i.test(scope)) return undefined;
    return {
      server: `${scheme.toLowerCase()}://${hostname}:${port === '' ? (isTls ? 636 : 389) : port}`,
      host: hostname.toLowerCase(),
      base: dn === '' ? undefined : decodeURIComponent(dn),
      scope: scopeOf(scope),
      filter: filter === '' ? undefined : parseFilter(decodeURIComponent(filter)),
    };
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError || error instanceof FilterSyntaxError)
      return undefined;
    throw error;
  }
}

function scopeOf(text: string): LdapUrl['scope'] {
  switch (text.toLowerCase()) {
    case 'base':
      return 'base';
    case 'one':
      return 'one';
    case 'sub':
      return 'sub';
    default:
      return undefined;
  }
}
