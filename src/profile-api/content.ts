/** Bodies of requests. */
import type { ProfileAttributes } from './profile.ts';
import type { Content } from './transport.ts';

/** A CSV file for `csvContent`. */
export interface CsvFile {
  readonly csv: string | Uint8Array;
  /** `users.csv` by default. */
  readonly fileName?: string;
  /** Name of the form's field; `file` by default. The reference does not say which the server wants. */
  readonly field?: string;
  /** Texts in it that must not come up in an error, such as passwords. */
  readonly secrets?: readonly string[];
}

export function jsonContent(body: ProfileAttributes): Content {
  return { mediaType: 'application/json', body: JSON.stringify(body) };
}

/** A multipart form with one file, in one piece: servers behind WSGI take no body of unknown length. */
export async function csvContent({ csv, fileName = 'users.csv', field = 'file' }: CsvFile): Promise<Content> {
  const bytes = typeof csv === 'string' ? new TextEncoder().encode(csv) : Uint8Array.from(csv);
  const form = new FormData();
  form.set(field, new Blob([bytes], { type: 'text/csv' }), fileName);
  const encoded = new Response(form);
  return {
    mediaType: encoded.headers.get('content-type') ?? 'multipart/form-data',
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}
