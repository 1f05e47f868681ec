/** The people of measurements, whose names look like people's: the same ones in the directory and in the org. */

export interface BenchPerson {
  readonly uid: string;
  readonly cn: string;
  readonly sn: string;
  readonly givenName: string;
  readonly displayName: string;
  readonly mail: string;
  readonly employeeNumber: string;
  readonly title: string;
  readonly l: string;
  readonly telephoneNumber: string;
  readonly departmentNumber: string;
}

const firstNames = ['Anna', 'Béla', 'Chloé', 'David', 'Erzsébet', 'Fatima', 'Łukasz', 'Olga'];
const lastNames = ['Adams', 'Bäcker', 'Chen', 'Dvořák', 'Fischer', 'García', "O'Brien", 'Petrov'];
const titles = ['Engineer', 'Accountant', 'Analyst', 'Manager', 'Clerk'];
const cities = ['Berlin', 'Wien', 'Zürich', 'Paris', 'Praha', 'Madrid', 'London'];

/** The person of that number, by the directory's attribute names. */
export function personAt(index: number): BenchPerson {
  const pick = (list: readonly string[], divisor = 1) =>
    list[Math.floor(index / divisor) % list.length] ?? '';
  const [givenName, sn] = [pick(firstNames), pick(lastNames, firstNames.length)];
  return {
    ...{ uid: `u${index}`, cn: `${givenName} ${sn} ${index}`, sn, givenName },
    ...{ displayName: `${sn}, ${givenName}`, mail: `user.number.${index}@example.com` },
    ...{ employeeNumber: String(1_000_000 + index), title: pick(titles), l: pick(cities, 3) },
    ...{ telephoneNumber: `+43 1 ${String(index).padStart(7, '0')}`, departmentNumber: `D${index % 97}` },
  };
}
