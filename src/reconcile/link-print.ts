/** What a link tells of somebody, in 64 bits: two people of one print are the same. Pure. */
import type { Member } from '../identity/person.ts';
import type { Link } from '../store/people/link.ts';
import { Fingerprint, type Print, textName } from './fingerprint.ts';

/** Of how prints are made. Another way needs another number, since the store keeps them. */
export const printVersion = 1;

/** No attribute is called so. */
const [labelName, numberName] = [textName('\nlabel'), textName('\nnumber')];

/** As much of a link, or of somebody in its place, as is compared. */
export interface Printed extends Pick<Link, 'label' | 'applied'> {
  readonly employeeNumber?: string | undefined;
}

/** The print of a link, or of whoever it is compared with. */
export const printOf = (content: Printed): Print => printer()(content);

/** Makes the prints of many: what it knows of their attributes' names is worked out once. */
export function printer(): (content: Printed) => Print {
  const print = new Fingerprint();
  return (content) => {
    const { low, high } = addPrinted(print.clear(), content);
    return { low, high };
  };
}

/** The same for one after the other, into one print. */
export const addMember = (print: Fingerprint, { label, employeeNumber, desired }: Member): Fingerprint =>
  addPrinted(print, { label, employeeNumber, applied: desired });

function addPrinted(print: Fingerprint, { label, employeeNumber, applied }: Printed): Fingerprint {
  print.addExactly(applied).addText(labelName, label);
  if (employeeNumber !== undefined) print.addText(numberName, employeeNumber);
  return print;
}
