/** An invented organisation for the demo: the same people for the same seed, every time. */
import { type Department, departments, givenNames, surnames } from './names.ts';

export interface SamplePerson {
  readonly entryUuid: string;
  /** Login name and local part of the mail address: unique, ASCII. Stays through a rename. */
  readonly uid: string;
  readonly givenName: string;
  readonly surname: string;
  readonly mail: string;
  readonly phone: string;
  readonly title: string;
  readonly department: string;
  readonly departmentNumber: string;
  readonly employeeNumber: string;
  readonly employeeType: 'employee' | 'contractor' | 'left';
  /** `uid` of the manager; the head of the organisation has none. */
  readonly manager: string | undefined;
}

export interface SampleOptions {
  /** How many; 200 unless told. */
  readonly people?: number | undefined;
  readonly seed?: number | undefined;
}

/** Mulberry32: a small generator with a seed, good enough to draw names. Numbers from 0 up to 1. */
function createDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Letters that Unicode doesn't take apart into a letter and a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  ı: 'i',
  þ: 'th',
  đ: 'd',
  æ: 'ae',
  å: 'a',
};

const toAscii = (text: string): string =>
  [...text.toLowerCase()]
    .map((letter) => plainLetters[letter] ?? letter)
    .join('')
    .normalize('NFD')
    .replaceAll(/[^a-z0-9]/g, '');

/** A version 4 UUID (RFC 9562) from the generator instead of from chance. */
function drawUuid(draw: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(draw() * 16).toString(16));
  hex[12] = '4';
  hex[16] = '89ab'[Math.floor(draw() * 4)] ?? '8';
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function pick<T>(from: readonly T[], draw: () => number): T {
  const one = from[Math.floor(draw() * from.length)];
  if (one === undefined) throw new RangeError('there is nothing to pick from');
  return one;
}

function claimUid(givenName: string, surname: string, taken: Set<string>): string {
  const base = `${toAscii(givenName)}.${toAscii(surname)}`;
  let uid = base;
  for (let count = 2; taken.has(uid); count += 1) uid = `${base}${count}`;
  taken.add(uid);
  return uid;
}

interface Post {
  readonly department: Department;
  readonly title: string;
  readonly manager: string | undefined;
}

/** The first is the head of all, the next ones lead the departments, the rest work in them. */
function findPost(index: number, leaders: readonly SamplePerson[], draw: () => number): Post {
  const [head] = leaders;
  const lead = departments[index - 1];
  if (index === 0)
    return { department: pick(departments, draw), title: 'Managing Director', manager: undefined };
  if (lead !== undefined) return { department: lead, title: `Head of ${lead.name}`, manager: head?.uid };
  const department = pick(departments, draw);
  const manager = leaders.find((leader) => leader.title === `Head of ${department.name}`)?.uid;
  return { department, title: pick(department.titles, draw), manager };
}

/** Invents people, each with a stable id. The first ones stay the same however many are asked for. */
export function sampleDirectory({ people: count = 200, seed = 1 }: SampleOptions = {}): SamplePerson[] {
  const draw = createDraw(seed);
  const taken = new Set<string>();
  const people: SamplePerson[] = [];
  for (let index = 0; index < count; index += 1) {
    const givenName = pick(givenNames, draw);
    const surname = pick(surnames, draw);
    const uid = claimUid(givenName, surname, taken);
    const { department, title, manager } = findPost(index, people.slice(0, departments.length + 1), draw);
    people.push({
      entryUuid: drawUuid(draw),
      uid,
      givenName,
      surname,
      mail: `${uid}@example.org`,
      // Ofcom keeps these numbers free for fiction: 020 7946 0000 to 0999.
      phone: `+44 20 7946 ${String(index % 1_000).padStart(4, '0')}`,
      title,
      department: department.name,
      departmentNumber: department.number,
      employeeNumber: String(10_000 + index),
      employeeType: index > departments.length && draw() < 0.08 ? 'contractor' : 'employee',
      manager,
    });
  }
  return people;
}
