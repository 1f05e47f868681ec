/** PostgreSQL takes at most 65,535 parameters a statement. */
export function* batches<Item>(items: Iterable<Item>, size: number): Generator<readonly Item[]> {
  let some: Item[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
