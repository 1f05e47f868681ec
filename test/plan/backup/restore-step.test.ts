import { describe, expect, test } from 'vitest';
import type { SavedProfile } from '../../../src/plan/backup/file.ts';
import { restoreStep } from '../../../src/plan/backup/restore-step.ts';
import { type Profile, type ProfileAttributes, parseProfile } from '../../../src/profile-api/index.ts';
import { link } from '../../builders/org.ts';

const rules = { name: 'org.csv', isProtected: false, isIgnored: false };

function profile(attributes: ProfileAttributes = {}): Profile {
  const parsed = parseProfile({
    profile_id: 'up1',
    email: 'anna@example.org',
    is_active: true,
    ...attributes,
  });
  if (!parsed.ok) throw new Error(parsed.row.reason);
  return parsed.profile;
}
const json = (attributes: ProfileAttributes = {}): SavedProfile => ({
  profile: profile(attributes),
  isText: false,
});
const csv = (attributes: ProfileAttributes): SavedProfile => ({ profile: profile(attributes), isText: true });

const anna = (about: Parameters<typeof link>[0] = {}) => link({ profileId: profile().profileId, ...about });

describe('going back to a backup', () => {
  test('changes nothing where nothing differs, a CSV file’s text included', () => {
    const now = profile({ customer_id: [1, 2], is_profile_image: false, phone: null, count: 3 });
    const then = csv({
      is_active: 'true',
      customer_id: '[1,2]',
      is_profile_image: 'false',
      phone: '',
      count: '3',
    });

    expect(restoreStep(anna(), then, now, rules)).toEqual({ kind: 'none', findings: [] });
  });

  test('puts back what was changed, as the kind of value that the org shows', () => {
    const now = profile({ email: 'new@example.org', customer_id: [], is_multiple_customer_user: true });
    const then = csv({ is_active: 'True', customer_id: '[7]', is_multiple_customer_user: 'false' });

    expect(restoreStep(anna(), then, now, rules)).toMatchObject({
      kind: 'operate',
      operation: {
        kind: 'edit',
        before: { email: 'new@example.org', customer_id: [], is_multiple_customer_user: true },
        after: { email: 'anna@example.org', customer_id: [7], is_multiple_customer_user: false },
      },
    });
  });

  test('leaves out what the org does not show any more, and text that can be no such value', () => {
    const now = profile({ customer_id: [] });

    expect(
      restoreStep(anna(), csv({ is_active: 'true', customer_id: 'x', gone: '1' }), now, rules).kind,
    ).toBe('none');
  });

  test.each([
    ['3', 4, 3],
    ['-0.5', 4, -0.5],
    ['', 4, undefined],
    ['many', 4, undefined],
    ['TRUE', false, true],
    ['true', false, true],
    ['yes', false, undefined],
    ['{"a":1}', { a: 2 }, { a: 1 }],
    ['null', [1], undefined],
    ['7', [1], undefined],
    ['[1', [1], undefined],
    ['Head', null, 'Head'],
    ['3', 'four', '3'],
  ] as const)('takes the text %j where the org shows %j for %j', (cell, now, then) => {
    const step = restoreStep(anna(), csv({ is_active: 'true', x: cell }), profile({ x: now }), rules);

    if (then === undefined) expect(step).toEqual({ kind: 'none', findings: [] });
    else expect(step).toMatchObject({ operation: { before: { x: now }, after: { x: then } } });
  });

  test('takes values of a listing as they are, whatever the org shows', () => {
    const step = restoreStep(anna(), json({ x: '7', y: 'no' }), profile({ x: [1], y: true }), rules);

    expect(step).toMatchObject({ operation: { after: { x: '7', y: 'no' } } });
  });

  test.each([
    [null, ''],
    ['', null],
    ['', ''],
    [null, null],
  ])('takes %j and %j for the same nothing', (then, now) => {
    expect(restoreStep(anna(), json({ x: then }), profile({ x: now }), rules).kind).toBe('none');
  });

  test.each([
    [null, 'Head'],
    ['Head', null],
    ['', 'Head'],
    ['Head', ''],
  ])('puts back %j where there is %j now', (then, now) => {
    const step = restoreStep(anna(), json({ x: then }), profile({ x: now }), rules);

    expect(step).toMatchObject({ operation: { before: { x: now }, after: { x: then } } });
  });

  test('says why, under the address of today, and leaves what was last applied to the source', () => {
    const tie = anna({ applied: { title: 'Head' } });
    const step = restoreStep(tie, json({ x: 1 }), profile({ x: 2, email: 'new@example.org' }), rules);

    expect(step).toMatchObject({
      operation: {
        email: 'new@example.org',
        reason:
          'So it is in the backup org.csv. Where the source still says otherwise, the next run changes it again.',
        desired: { title: 'Head' },
      },
    });
  });

  test.each([
    [
      'both',
      { name: 'Old', actual_username: 'old' },
      { name: 'New', actual_username: 'new' },
      'name and actual_username',
    ],
    ['one', { name: 'Old', actual_username: 'same' }, { name: 'New', actual_username: 'same' }, 'name'],
    ['what is shown alone', { name: 'Old', actual_username: 'old' }, { name: 'New' }, 'name'],
    ['what was saved alone', { name: 'Old' }, { name: 'New', actual_username: 'new' }, 'name'],
  ] as const)('names %s of what can not be put back', (_which, then, now, names) => {
    expect(restoreStep(anna(), json(then), profile(now), rules)).toMatchObject({
      kind: 'none',
      findings: [{ reason: `The backup has another ${names}, of which the API takes no change.` }],
    });
  });

  test.each([
    ['is empty in both', { name: null }, { name: '' }],
    ['was not saved', {}, { name: 'New' }],
    ['is not shown', { name: 'Old' }, {}],
  ])('names nothing that %s', (_what, then, now) => {
    expect(restoreStep(anna(), json(then), profile(now), rules)).toEqual({ kind: 'none', findings: [] });
  });

  test('names what the API takes no change of', () => {
    const step = restoreStep(anna(), json({ name: 'Anna Alt' }), profile({ name: 'Anna Neu' }), rules);

    expect(step).toMatchObject({
      kind: 'none',
      findings: [{ reason: expect.stringContaining('another name') }],
    });
  });

  test.each([
    ['deleted since', anna(), json(), undefined, rules, 'not in the org any more'],
    [
      'protected',
      anna(),
      json({ is_active: false }),
      profile(),
      { ...rules, isProtected: true },
      'protected',
    ],
    [
      'left alone by an operator',
      anna(),
      json({ x: 1 }),
      profile({ x: 2 }),
      { ...rules, isIgnored: true },
      'left alone',
    ],
    ['blocked by somebody else', anna(), json(), profile({ is_active: false }), rules, 'not by Rollcall'],
    [
      'inactive then and now',
      anna(),
      json({ is_active: false, x: 1 }),
      profile({ is_active: false, x: 2 }),
      rules,
      'inactive',
    ],
  ] as const)('does nothing to somebody who was %s, and says so', (_what, tie, then, now, how, words) => {
    expect(restoreStep(tie, then, now, how)).toMatchObject({
      kind: 'none',
      findings: [{ kind: 'left', reason: expect.stringContaining(words) }],
    });
  });

  test('makes those active again whom Rollcall had deactivated, and those inactive who were', () => {
    const back = restoreStep(anna({ deactivatedByUs: true }), json(), profile({ is_active: false }), rules);
    const out = restoreStep(anna(), json({ is_active: false }), profile(), rules);

    expect(back).toMatchObject({
      operation: { kind: 'reactivate', before: { is_active: false }, after: { is_active: true } },
    });
    expect(out).toMatchObject({
      operation: { kind: 'deactivate', before: { is_active: true }, after: { is_active: false } },
    });
  });
});
