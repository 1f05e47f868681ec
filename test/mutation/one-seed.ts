/** Generated cases are the same in every trial of a mutant, so that the score is; no smallest case is looked for. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 9, endOnFailure: true });
