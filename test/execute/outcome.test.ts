import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notKept, sentenceOfUnkept } from '../../src/execute/outcome.ts';
import { differences, isSameValue } from '../../src/reconcile/index.ts';
import { link, profile } from '../builders/org.ts';

describe('values that the server did not keep', () => {
  test('are those that it shows otherwise than they were sent', () => {
    const shown = profile({ attributes: { title: 'Hea', phone: '1', note: null } });

    expect(
      notKept({ title: 'Head', phone: 1, note: 'x', email: 'ANN@example.com' }, shown, isSameValue),
    ).toEqual({
      title: 'Head',
      note: 'x',
    });
  });

  test('are none of those that it never shows: nobody can know', () => {
    expect(notKept({ username: 'ann' }, profile(), isSameValue)).toEqual({});
  });

  test('are named in a sentence', () => {
    expect(sentenceOfUnkept({})).toBeUndefined();
    expect(sentenceOfUnkept({ title: 'Head', note: 'x' })).toContain('did not keep title, note;');
  });

  test('are never a reason for a second edit, whatever the server makes of them', () => {
    const value = fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)));
    const attributes = fc.dictionary(fc.constantFrom('title', 'phone', 'note', 'email', 'pin'), value);
    fc.assert(
      fc.property(attributes, attributes, attributes, (desired, before, made) => {
        const edit = differences(desired, profile({ attributes: before }), link());
        if (edit === undefined) return;
        const shown = profile({ attributes: { ...before, ...made } });
        const known = link({ applied: desired, unkept: notKept(edit.after, shown, isSameValue) });
        const next = differences(desired, shown, known);

        // What was right before, and was spoilt by the server on the way, is drift.
        for (const name of Object.keys(next?.after ?? {})) expect(edit.after).not.toHaveProperty(name);
      }),
    );
  });
});
