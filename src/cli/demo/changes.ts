/** What happens to people in the demo. Each gives a new directory and leaves the old one as it was. */
import { departments } from './names.ts';
import type { SamplePerson } from './sample-directory.ts';

type Directory = readonly SamplePerson[];

function change(people: Directory, uid: string, changed: Partial<SamplePerson>): SamplePerson[] {
  if (!people.some((person) => person.uid === uid))
    throw new RangeError(`Nobody in the sample directory is ${uid}.`);
  return people.map((person) => (person.uid === uid ? { ...person, ...changed } : person));
}

/** A new surname, after a wedding for example. Login, mail and id stay. @throws {RangeError} for an unknown uid. */
export function renamePerson(people: Directory, uid: string, surname: string): SamplePerson[] {
  return change(people, uid, { surname });
}

/** Another department, with its first title and its head as manager. @throws {RangeError} for unknown names. */
export function movePerson(people: Directory, uid: string, departmentName: string): SamplePerson[] {
  const department = departments.find(({ name }) => name === departmentName);
  if (department === undefined) throw new RangeError(`There is no department ${departmentName}.`);
  const head = people.find(({ title }) => title === `Head of ${departmentName}`);
  return change(people, uid, {
    department: department.name,
    departmentNumber: department.number,
    title: department.titles[0] ?? '',
    manager: head?.uid === uid ? undefined : head?.uid,
  });
}

/** HR says that the person has left; the entry stays. @throws {RangeError} for an unknown uid. */
export function markLeft(people: Directory, uid: string): SamplePerson[] {
  return change(people, uid, { employeeType: 'left' });
}

/** The entry is gone, and so is every mention of it as a manager. @throws {RangeError} for an unknown uid. */
export function removePerson(people: Directory, uid: string): SamplePerson[] {
  return change(people, uid, {})
    .filter((person) => person.uid !== uid)
    .map((person) => (person.manager === uid ? { ...person, manager: undefined } : person));
}
