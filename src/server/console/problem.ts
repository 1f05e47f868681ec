/** Something that needs a person, and the place where it is mended. */
export interface Problem {
  /** Something is broken; else it only waits. */
  readonly isBad: boolean;
  readonly text: string;
  readonly mend: { readonly text: string; readonly href: string };
}
