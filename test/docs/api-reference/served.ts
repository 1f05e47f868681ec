/** The OpenAPI document as a real server serves it. */
import type { Site } from '../../server/console/site.ts';

export const documentServedBy = async ({ url }: Pick<Site, 'url'>): Promise<unknown> =>
  await (await fetch(new URL('/api/openapi.json', url))).json();
