import type { ProbeFinding } from '../../connector.ts';

export const good = (text: string): ProbeFinding => ({ ok: true, text, mend: undefined });

export const bad = (text: string, mend: string): ProbeFinding => ({ ok: false, text, mend });
