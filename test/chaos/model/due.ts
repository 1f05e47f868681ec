/** What the org owes the directory: a second, much smaller opinion than Rollcall's own. */
import { belongs, type Directory } from './directory.ts';

/** What may and must have happened to one person by the end. */
export interface Due {
  readonly uuid: string;
  readonly emails: readonly string[];
  /** `active`: with this address and these attributes. `inactive`: no access, if there ever was a profile. */
  readonly end:
    | { readonly kind: 'active'; readonly email: string; readonly extras: Readonly<Record<string, string>> }
    | { readonly kind: 'inactive' };
  /** Whether they had a profile before Rollcall came. */
  readonly wasThere: boolean;
  readonly mostDeactivations: number;
  readonly mostReactivations: number;
}

export interface Circumstances {
  /** Addresses of profiles that are theirs and were in the org from the start. */
  readonly adopted: ReadonlySet<string>;
  /** Addresses of people whom an administrator blocked by hand: they stay so. */
  readonly blocked: ReadonlySet<string>;
}

export function dueOf({ people }: Directory, { adopted, blocked }: Circumstances): readonly Due[] {
  return people.map((person): Due => {
    const { mail, givenName, title } = person.last;
    const isBlocked = person.emails.some((email) => blocked.has(email));
    return {
      uuid: person.uuid,
      emails: person.emails,
      end:
        belongs(person) && !isBlocked
          ? { kind: 'active', email: mail, extras: { first_name: givenName, organization_role: title } }
          : { kind: 'inactive' },
      wasThere: person.emails.some((email) => adopted.has(email)),
      mostDeactivations: person.leavings,
      mostReactivations: person.returns,
    };
  });
}
