/** The key and the word before it: the vendor's reference and its authorization page tell two different schemes. */
export type AcceptedScheme = 'none' | 'ApiKey' | 'either';

export class KeySession {
  readonly #key: string;
  readonly #scheme: AcceptedScheme;
  readonly #endsAtLogout: boolean;
  #isOpen = true;

  constructor(key: string, scheme: AcceptedScheme, endsAtLogout: boolean) {
    this.#key = key;
    this.#scheme = scheme;
    this.#endsAtLogout = endsAtLogout;
  }

  /** Whether the value of an `Authorization` header lets a request in. */
  admits(header: string | undefined): boolean {
    if (!this.#isOpen) return false;
    const isBare = header === this.#key;
    const isApiKey = header === `ApiKey ${this.#key}`;
    return (isBare && this.#scheme !== 'ApiKey') || (isApiKey && this.#scheme !== 'none');
  }

  logout(): void {
    if (this.#endsAtLogout) this.#isOpen = false;
  }

  renew(): void {
    this.#isOpen = true;
  }
}
