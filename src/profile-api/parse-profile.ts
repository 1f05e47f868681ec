/** The border between the wire's profile and ours. Names such as `last_loggged_in` stay behind it. */
import { z } from 'zod';
import { isRecord } from './json-body.ts';
import type { AttributeValue, Profile, ProfileId, UserId } from './profile.ts';
import { tidy } from './server-sentence.ts';

// Without transforms, which for a list of many thousands would take as long as all the rest of reading it.
const profileId = z.union([z.string().trim().min(1), z.int()]);
const userId = z.union([z.int(), z.string().regex(/^\d{1,15}$/)]);
const active = [true, 1, 'true', 'True', '1'] as const;
const inactive = [false, 0, 'false', 'False', '0'] as const;

const wireProfile = z.object({
  profile_id: profileId,
  user: userId.nullish().catch(undefined),
  email: z.string().nullish().catch(undefined),
  /** Absent counts as active: then a leaver is deactivated once too often, and not once too seldom. */
  is_active: z.literal([...active, ...inactive]).default(true),
});

const toUserId = (id: z.infer<typeof userId>): UserId => Number(id) as UserId;

/** A row of a list that is no profile, and why. `name` is what is known of whom it is about. */
export interface UnreadableRow {
  readonly name: string;
  readonly reason: string;
}

/** A profile, or why the row is none. */
export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly row: UnreadableRow };

/**
 * Reads one profile. Tolerant: ids may be text or numbers, unknown properties are kept; only the profile's id has to
 * be there, and `is_active` has to be readable where it is there.
 */
export function parseProfile(value: AttributeValue): ParsedProfile {
  const parsed = wireProfile.safeParse(value);
  if (!parsed.success || !isRecord(value)) {
    const property = parsed.error?.issues[0]?.path[0];
    const reason = isRecord(value)
      ? `its ${String(property)} is missing or unreadable`
      : 'it is not an object';
    return { ok: false, row: { name: nameOf(value), reason } };
  }
  const { profile_id, user, email, is_active } = parsed.data;
  return {
    ok: true,
    profile: {
      profileId: String(profile_id) as ProfileId,
      userId: user === undefined || user === null ? undefined : toUserId(user),
      email: email?.trim() || undefined,
      isActive: active.some((word) => word === is_active),
      attributes: value,
    },
  };
}

/** The id that `POST /` answers with, as number or digits; `undefined` for anything else. */
export function parseUserId(value: AttributeValue | undefined): UserId | undefined {
  const parsed = userId.safeParse(value).data;
  return parsed === undefined ? undefined : toUserId(parsed);
}

function nameOf(value: AttributeValue): string {
  const known = isRecord(value)
    ? ['email', 'username', 'name', 'user', 'profile_id']
        .map((key) => value[key])
        .find((one) => (typeof one === 'string' && one.trim() !== '') || typeof one === 'number')
    : undefined;
  return known === undefined ? '(without a name)' : tidy(String(known));
}
