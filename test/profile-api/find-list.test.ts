import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findList } from '../../src/profile-api/find-list.ts';

const rows = [{ profile_id: 'a' }, { profile_id: 'b' }];

describe('the list in a body', () => {
  it.each([
    [rows, ''],
    [{ results: rows }, 'results'],
    [{ whatever_name: rows, page: 1 }, 'whatever_name'],
    [{ response: { users: rows } }, 'response.users'],
    [{ data: rows, errors: [] }, 'data'],
    [{ data: rows, tags: ['x'] }, 'data'],
  ])('is found in %j', (body, path) => {
    expect(findList(body)).toMatchObject({ ok: true, rows, path });
  });

  it.each([
    [{ count: 7, results: rows }, 7],
    [{ total: '7', data: rows }, 7],
    [{ totalCount: 7, items: rows }, 7],
    [{ meta: { total_count: 7 }, items: rows }, 7],
    [{ data: { total: 7, users: rows } }, 7],
    [{ total: 7, data: { users: rows } }, 7],
    [{ results: rows }, undefined],
    [rows, undefined],
    [{ count: -1, results: rows }, undefined],
  ])('comes with its total in %j', (body, total) => {
    const found = findList(body);

    expect(found.ok && found.rows).toEqual(rows);
    expect(found).toMatchObject({ ok: true, total });
  });

  it('may be empty where it is the only list', () => {
    expect(findList({ count: 0, results: [] })).toMatchObject({ ok: true, rows: [], total: 0 });
    expect(findList([])).toMatchObject({ ok: true, rows: [] });
  });

  it.each([
    [{ users: rows, admins: rows }],
    [{ results: [], errors: [] }],
    [{ results: [], errors: [{ message: 'no' }] }],
    [{ data: { users: rows }, roles: [{ id: 1 }] }],
  ])('is not guessed between two, as in %j', (body) => {
    expect(findList(body)).toMatchObject({
      ok: false,
      complaint: expect.stringContaining('profileApi.listPath'),
    });
  });

  it.each([
    [{}],
    [{ error: 'no' }],
    ['text'],
    [null],
    [7],
    [['a', 'b']],
    [{ a: { b: { c: rows } } }],
  ])('is missed aloud in %j', (body) => {
    expect(findList(body)).toMatchObject({ ok: false, complaint: expect.stringMatching(/\.$/) });
  });

  it('is where the configured path says, and nowhere else', () => {
    const body = { a: { b: { c: rows, other: rows } }, total: 2 };

    expect(findList(body, 'a.b.c')).toMatchObject({ ok: true, rows, total: 2 });
    expect(findList(body, 'a.b.d')).toMatchObject({ ok: false });
    expect(findList(body, 'a.b.constructor')).toMatchObject({ ok: false });
  });

  it('never throws and never finds an empty list in a body without one', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const found = findList(JSON.parse(JSON.stringify(value)));

        if (found.ok && found.rows.length === 0) expect(JSON.stringify(value)).toContain('[]');
      }),
    );
  });
});
