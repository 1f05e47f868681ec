import { expect, test } from 'vitest';
import { sentinelsOf, sentinelWatch } from '../../../src/plan/trust/sentinels.ts';
import { anchor, identity, sourceId } from '../../builders/people.ts';

const watching = (...names: readonly string[]) => {
  const watch = sentinelWatch(names);
  watch.see(identity({ anchor: anchor('id-1'), login: 'ann', email: 'Ann@Example.com' }));
  return watch.doubt();
};

test('a sentinel is known by e-mail, login or anchor, whatever the case', () => {
  expect(watching('ann@example.com', 'ANN', 'ID-1')).toBeUndefined();
});

test('a sentinel who was not seen is named', () => {
  expect(watching('ann', 'boss@example.com')).toContain('The sentinel boss@example.com was not seen');
  expect(watching('eve', 'bob')).toContain('The sentinels eve, bob were not seen');
});

test('without sentinels nothing is doubted', () => {
  expect(watching()).toBeUndefined();
});

test('a sentinel belongs to the source that it names, or to the only one', () => {
  const sentinels = ['ann', { who: 'bob', source: 'corp' }, { who: 'eve', source: 'cloud' }];

  expect(sentinelsOf(sentinels, sourceId('corp'))).toEqual(['ann', 'bob']);
});

test('people without an e-mail address or a login are no sentinels, and stop nothing', () => {
  const watch = sentinelWatch(['ann', 'undefined']);

  watch.see(identity({ anchor: anchor('id-9'), login: undefined, email: undefined }));

  expect(watch.doubt()).toContain('The sentinels ann, undefined were not seen');
});
