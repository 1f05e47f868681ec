/** What somebody wrote into a form or an address: as the store can hold it, without the blanks around it. */
import { z } from 'zod';
import { storableText } from '../../identity/storable.ts';

export const written = (most: number) =>
  z
    .string()
    .transform((text) => storableText(text).trim())
    .pipe(z.string().max(most));
