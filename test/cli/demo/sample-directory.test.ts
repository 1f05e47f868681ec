import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLdifParser } from '../../../connectors/ldif/parser.ts';
import { markLeft, movePerson, removePerson, renamePerson } from '../../../src/cli/demo/changes.ts';
import { toLdif } from '../../../src/cli/demo/ldif.ts';
import { type SamplePerson, sampleDirectory } from '../../../src/cli/demo/sample-directory.ts';

function readBack(people: readonly SamplePerson[]) {
  const parser = createLdifParser({ maxEntrySize: 10_000 });
  const items = [...parser.push(Buffer.from(toLdif(people))), ...parser.end()];
  return items.map((item) => {
    if (item.kind !== 'entry') throw new Error(`${item.kind}: ${item.reason}`);
    return new Map([
      ['dn', item.dn],
      ...item.values.map(({ attribute, value }) => [attribute, String(value)] as const),
    ]);
  });
}

describe('the sample directory', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(sampleDirectory()).toEqual(sampleDirectory({ people: 200, seed: 1 }));
    expect(sampleDirectory({ seed: 2 })).not.toEqual(sampleDirectory());
    expect(sampleDirectory({ people: 50 })).toEqual(sampleDirectory().slice(0, 50));
  });

  it('has unique ids, plain mail addresses, and managers who exist', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(), (count, seed) => {
        const people = sampleDirectory({ people: count, seed });

        const uids = new Set(people.map(({ uid }) => uid));
        expect(uids.size).toBe(count);
        expect(new Set(people.map(({ entryUuid }) => entryUuid)).size).toBe(count);
        for (const { mail, entryUuid, manager, uid } of people) {
          expect(mail).toMatch(/^[a-z]+\.[a-z]+\d*@example\.org$/);
          expect(entryUuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
          if (manager !== undefined) expect(uids.has(manager) && manager !== uid).toBe(true);
        }
        expect(people.filter(({ manager }) => manager === undefined)).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });

  it('has names with letters beyond ASCII', () => {
    const foreign = sampleDirectory().filter(({ surname }) => /[^\0-\x7f]/.test(surname));

    expect(foreign.length).toBeGreaterThan(50);
  });
});

describe('its LDIF', () => {
  it('holds everybody, unbroken, in lines of 76 at most', () => {
    const people = sampleDirectory();

    const [folder, ...entries] = readBack(people);

    expect(folder?.get('objectClass')).toBe('organizationalUnit');
    expect(entries.map((entry) => entry.get('cn'))).toEqual(
      people.map((one) => `${one.givenName} ${one.surname}`),
    );
    expect(entries.map((entry) => entry.get('entryUUID'))).toEqual(people.map(({ entryUuid }) => entryUuid));
    expect(
      toLdif(people)
        .split('\n')
        .every((line) => line.length <= 76 && /^[ -~]*$/.test(line)),
    ).toBe(true);
  });
});

describe('what happens to people', () => {
  const people = sampleDirectory({ people: 30 });
  const [, head, , , , , , , , worker] = people;
  if (head === undefined || worker === undefined) throw new Error('too few people');
  const find = (all: readonly SamplePerson[], uid: string) => all.find((person) => person.uid === uid);

  it('changes them alone, and not their ids', () => {
    expect(find(renamePerson(people, worker.uid, 'Sørensen'), worker.uid)).toEqual({
      ...worker,
      surname: 'Sørensen',
    });
    expect(find(markLeft(people, worker.uid), worker.uid)).toEqual({ ...worker, employeeType: 'left' });
    expect(find(movePerson(people, worker.uid, 'Finance'), worker.uid)).toMatchObject({
      entryUuid: worker.entryUuid,
      department: 'Finance',
      title: 'Accountant',
      manager: people.find(({ title }) => title === 'Head of Finance')?.uid,
    });
    expect(markLeft(people, worker.uid).filter((person) => !people.includes(person))).toHaveLength(1);
  });

  it('leaves nobody managed by somebody who was removed', () => {
    const after = removePerson(people, head.uid);

    expect(after).toHaveLength(29);
    expect(after.some(({ manager }) => manager === head.uid)).toBe(false);
    expect(people).toHaveLength(30);
  });

  it('is refused for somebody who is not there', () => {
    expect(() => markLeft(people, 'nobody')).toThrow('nobody');
    expect(() => movePerson(people, worker.uid, 'Alchemy')).toThrow('Alchemy');
  });
});
