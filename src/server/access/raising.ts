import { allows, type Visitor } from './roles.ts';

/** Why guards do not give way by somebody's word; undefined where they do. */
export const whyNotRaised = (visitor: Visitor): string | undefined =>
  allows(visitor.role, 'approver')
    ? undefined
    : `Guards give way by the word of an approver alone, and ${visitor.name} is ${visitor.role}. Nothing was done.`;
