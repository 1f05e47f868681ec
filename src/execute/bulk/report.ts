/** What the server says of a file's rows. The shape is documented nowhere: what can't be understood is said to be so. Pure. */
import type { AttributeValue } from '../../profile-api/profile.ts';
import { emailKey } from '../../reconcile/index.ts';

export interface FileReport {
  /** Why a row is not taken, by its e-mail address in the form of {@link emailKey}. */
  readonly refused: ReadonlyMap<string, string>;
  /** Whether it complains of something that could not be tied to a row. */
  readonly isUnclear: boolean;
}

const complaintKey = /error|invalid|fail|reject|refus/i;
const sentenceKey = /error|message|reason|detail/i;

/** @param emails - the addresses of the rows, in the form of {@link emailKey} */
export function readReport(body: AttributeValue | undefined, emails: ReadonlySet<string>): FileReport {
  const refused = new Map<string, string>();
  let isUnclear = false;
  const complaint = (about: string | undefined, sentence: string): void => {
    if (about === undefined || !emails.has(emailKey(about))) isUnclear = true;
    else refused.set(emailKey(about), sentence);
  };

  const readComplaints = (value: AttributeValue): void => {
    if (isList(value)) for (const item of value) readComplaint(item);
    else if (isRecord(value)) {
      for (const [key, inside] of Object.entries(value)) {
        if (key.includes('@')) complaint(key, sentenceIn(inside));
        else if (!isNothing(inside)) isUnclear = true;
      }
    } else if (!isNothing(value)) isUnclear = true;
  };
  const readComplaint = (item: AttributeValue): void => {
    if (isRecord(item)) {
      const email = Object.entries(item).find(([key]) => /e-?mail/i.test(key))?.[1];
      complaint(typeof email === 'string' ? email : undefined, sentenceIn(item));
    } else if (typeof item === 'string') {
      const named = item.match(/[^\s<>"',;:()]+@[^\s<>"',;:()]+/g) ?? [];
      complaint(named.length === 1 ? named[0]?.replace(/[.]+$/, '') : undefined, item);
    } else isUnclear = true;
  };

  let hasComplaints = false;
  const look = (value: AttributeValue, depth: number): void => {
    if (!isRecord(value) || depth === 0) return;
    for (const [key, inside] of Object.entries(value)) {
      if (complaintKey.test(key) && typeof inside !== 'number') {
        hasComplaints ||= !isNothing(inside);
        readComplaints(inside);
      } else look(inside, depth - 1);
    }
  };
  if (body !== undefined) look(body, 3);
  if (!hasComplaints && saysFailure(body)) isUnclear = true;
  return { refused, isUnclear };
}

/** A failure without a word on whom it is about. */
function saysFailure(body: AttributeValue | undefined): boolean {
  if (!isRecord(body)) return false;
  const counted = Object.entries(body).some(
    ([key, value]) => complaintKey.test(key) && typeof value === 'number' && value > 0,
  );
  const { status, success } = body;
  return (
    counted || success === false || (typeof status === 'string' && /^(error|fail(ed|ure)?)$/i.test(status))
  );
}

function sentenceIn(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (isList(value)) return value.map(sentenceIn).join(' ');
  if (!isRecord(value)) return String(value);
  const said = Object.entries(value).filter(([key]) => sentenceKey.test(key));
  return said.map(([, inside]) => sentenceIn(inside)).join(' ') || JSON.stringify(value);
}

const isNothing = (value: AttributeValue): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  value === 0 ||
  (isList(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0);

const isList = (value: AttributeValue): value is readonly AttributeValue[] => Array.isArray(value);
const isRecord = (value: AttributeValue | undefined): value is { readonly [key: string]: AttributeValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
