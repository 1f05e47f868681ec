/** The OpenAPI document as a real server serves it. */
import { openSite } from '../../server/console/site.ts';

export async function servedDocument(): Promise<unknown> {
  await using site = await openSite({ places: 'database: { path: store }' });
  return await (await fetch(new URL('/api/openapi.json', site.url))).json();
}
