/** People: searched by anything, and one of them end to end. */
import type { Console } from '../../routes.ts';
import { mountActs } from './acts.ts';
import { mountPerson } from './person.ts';
import { mountSearch } from './search.ts';

export function mountPeople(site: Console): void {
  mountSearch(site);
  mountPerson(site);
  mountActs(site);
}
