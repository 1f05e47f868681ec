/** Invitations: each is a mail and a promise, and becomes a profile only when it is accepted. Not idempotent, like the vendor's. */
import { type Body, newUser } from './create-user.ts';
import { type Author, byHand, type Journal } from './journal.ts';
import type { Org } from './org.ts';
import { Refusal } from './refusal.ts';
import { type OrgRules, requireEmailAddress, requireKnownRole, requireLicence } from './rules.ts';
import { extrasOf, type SandboxUser, type UserRecord } from './user.ts';

/** One invitation that nobody has accepted yet. */
export interface Invitation {
  readonly email: string;
  readonly role: string;
  readonly extras: Readonly<Record<string, unknown>>;
  /** The account that it is to, where that was there before; otherwise accepting makes one. */
  readonly profileId: string | undefined;
  /** When each of the mails was sent, ISO 8601; the link of the last one counts. */
  readonly mails: readonly string[];
  readonly expiresAt: string;
  readonly state: 'pending' | 'accepted';
}

export class Invitations {
  readonly #byEmail = new Map<string, Invitation>();
  readonly #org: Org;
  readonly #rules: OrgRules;
  readonly #journal: Journal;

  constructor(org: Org, rules: OrgRules, journal: Journal) {
    this.#org = org;
    this.#rules = rules;
    this.#journal = journal;
  }

  list(): readonly Invitation[] {
    return [...this.#byEmail.values()];
  }

  /** Sends one mail to each address; none at all where one of them is refused. An address that a user has is refused too,
   * unless `profile_id` says that they are meant.
   * @throws Refusal */
  invite(body: Body, author: Author): readonly string[] {
    const emails = addressesOf(body);
    const { role } = body;
    if (typeof role !== 'string' || role === '') throw new Refusal(400, 'Please provide role.');
    requireKnownRole(this.#rules, role);
    const holder = this.#holderNamed(body, emails);
    for (const email of emails) {
      requireEmailAddress(email);
      this.#org.requireFreeEmail(email, holder);
    }
    if (holder === undefined) requireLicence(this.#rules, this.#org, emails.length);
    const { emails: _addresses, role: _role, ...extras } = extrasOf(body);
    for (const email of emails) this.#send({ email, role, extras, profileId: holder?.id }, author);
    return emails;
  }

  /** @throws Refusal where the profile is not theirs whom the mail would go to */
  #holderNamed({ profile_id: id }: Body, emails: readonly string[]): UserRecord | undefined {
    if (typeof id !== 'string' || id === '') return undefined;
    const record = this.#org.find(id);
    const isTheirs = emails.every((email) => this.#org.findByEmail(email) === record);
    if (record === undefined || !isTheirs)
      throw new Refusal(400, 'Please provide the email of that profile_id.');
    return record;
  }

  /** The invited person follows the link: the profile is made now, or they come in for the first time.
   * @throws Refusal where nobody is invited at that address, or the link has expired */
  accept(email: string): SandboxUser {
    const key = email.toLowerCase();
    const invitation = this.#byEmail.get(key);
    if (invitation?.state !== 'pending')
      throw new Refusal(404, `No invitation is pending for ${email}: invite that address first.`);
    if (this.#rules.now().toISOString() > invitation.expiresAt)
      throw new Refusal(410, `The invitation of ${email} has expired: it has to be invited again.`);
    const record = this.#enter(invitation);
    this.#byEmail.set(key, { ...invitation, state: 'accepted' });
    this.#journal.record(byHand, 'invitation-accepted', { email: invitation.email, profileId: record.id });
    return record.current;
  }

  #enter({ email, role, extras, profileId }: Invitation): UserRecord {
    if (profileId === undefined) {
      requireLicence(this.#rules, this.#org);
      return this.#org.add(newUser(this.#org, this.#rules, { email, extras: { ...extras, role } }));
    }
    const record = this.#org.get(profileId);
    const profile = { ...record.current.profile, last_loggged_in: this.#rules.now().toISOString() };
    this.#org.replace(record, { ...record.current, profile });
    return record;
  }

  #send(to: Pick<Invitation, 'email' | 'role' | 'extras' | 'profileId'>, author: Author): void {
    const { email } = to;
    const key = email.toLowerCase();
    const now = this.#rules.now();
    this.#byEmail.set(key, {
      ...to,
      mails: [...(this.#byEmail.get(key)?.mails ?? []), now.toISOString()],
      expiresAt: new Date(now.getTime() + this.#rules.invitationHours * 3_600_000).toISOString(),
      state: 'pending',
    });
    this.#journal.record(author, 'invited', { email });
  }
}

/** The addresses of an invite. The reference leaves its body open: `emails` as a list, or `email` as one or a list. */
function addressesOf(body: Body): readonly string[] {
  const given: unknown = body.emails ?? body.email;
  const emails: readonly unknown[] = Array.isArray(given) ? given : [given];
  const addresses = emails.filter((email) => typeof email === 'string' && email !== '');
  if (addresses.length === 0 || addresses.length !== emails.length)
    throw new Refusal(400, 'Please provide email.');
  return [...new Map(addresses.map((email) => [String(email).toLowerCase(), String(email)])).values()];
}
