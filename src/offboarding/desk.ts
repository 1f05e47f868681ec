/** Where it is said that somebody left: takes the words, and has done at once what is due. */
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { SourceId } from '../identity/index.ts';
import type { ProfileApi, ProfileId } from '../profile-api/index.ts';
import { deliveryBefore, forgetDeliveries, keepDelivery } from '../store/departures/deliveries.ts';
import type { OperationId } from '../store/operations/operation.ts';
import type { Database, DeliveryAnswer } from '../store/schema.ts';
import { releaseDue } from './due.ts';
import { type Giver, takeWords, type Waiting } from './take.ts';
import type { Answer, Word } from './word.ts';

export interface DeskMeans {
  readonly db: Kysely<Database>;
  readonly api: Pick<ProfileApi, 'whoAmI'>;
  readonly config: Pick<Config, 'guards' | 'sources' | 'offboarding'>;
  readonly log: Logger;
  /** The clock. */
  readonly now: () => Date;
  /** Puts operations into the queue at once. */
  readonly dispatch: (ids: readonly OperationId[]) => Promise<void>;
  /** Whether those who have left are deactivated now. */
  readonly waiting: () => Promise<Waiting>;
}

/** Words that come together, and may come again. */
export interface WordsDelivered {
  /** Of this delivery alone, for ever. */
  readonly id: string;
  /** Of its content. */
  readonly digest: string;
  readonly words: readonly Word[];
}

export type Delivered =
  | { readonly kind: 'taken'; readonly answers: readonly Answer[] }
  /** It was taken in before: nothing is done again. */
  | { readonly kind: 'repeated'; readonly answers: readonly DeliveryAnswer[] }
  /** Another content under the same id. */
  | { readonly kind: 'contradiction' };

export interface Desk {
  /** Takes one word. */
  take(word: Word, giver: Giver): Promise<Answer>;
  /**
   * Takes words in one transaction, together with the note that they were taken.
   *
   * @param isWorthKeeping - whether the delivery counts as taken in; else the same may come again and have another answer
   */
  deliver(
    delivery: WordsDelivered,
    giver: Giver,
    isWorthKeeping?: (answers: readonly Answer[]) => boolean,
  ): Promise<Delivered>;
  /** Acts on what has become due. @returns how many operations were made of it */
  releaseDue(): Promise<number>;
}

const ownProfileForMs = 600_000;
/** A sender tries again for days; nobody does after this time. */
const repeatedForMs = 90 * 24 * 3_600_000;

export function openDesk({ db, api, config, log, now, dispatch, waiting }: DeskMeans): Desk {
  let own: { readonly profile: ProfileId; readonly askedAt: number } | undefined;

  /** An org that can't be asked keeps nobody's departure from being taken: the worker looks before it acts. */
  async function ownProfile(): Promise<ProfileId | undefined> {
    if (own !== undefined && now().getTime() - own.askedAt < ownProfileForMs) return own.profile;
    try {
      own = { profile: (await api.whoAmI(AbortSignal.timeout(5_000))).profileId, askedAt: now().getTime() };
      return own.profile;
    } catch (error) {
      log.warn(
        { event: 'offboarding.own-account-unknown', err: error },
        'Whose account the API key is could not be asked.',
      );
      return undefined;
    }
  }

  async function hurry(ids: readonly OperationId[]): Promise<void> {
    if (ids.length === 0) return;
    await dispatch(ids).catch((error: unknown) =>
      log.error(
        { event: 'dispatch.failed', err: error },
        'A leaver could not be put into the queue at once; the next look does it.',
      ),
    );
  }

  return {
    async take(word, giver) {
      const rules = { config, ownProfile: await ownProfile(), waiting: await waiting() };
      const { answers, queued } = await db
        .transaction()
        .execute((tx) => takeWords(tx, [word], giver, rules, now()));
      await hurry(queued);
      const [answer] = answers;
      if (answer === undefined) throw new Error('A word was not answered.');
      return answer;
    },
    async deliver({ id, digest, words }, giver, isWorthKeeping = () => true) {
      const rules = { config, ownProfile: await ownProfile(), waiting: await waiting() };
      let queued: readonly OperationId[] = [];
      const delivered = await db.transaction().execute(async (tx): Promise<Delivered> => {
        const before = await deliveryBefore(tx, id);
        if (before !== undefined)
          return before.digest === digest
            ? { kind: 'repeated', answers: before.answers }
            : { kind: 'contradiction' };
        const taken = await takeWords(tx, words, giver, rules, now());
        queued = taken.queued;
        if (isWorthKeeping(taken.answers)) {
          await forgetDeliveries(tx, new Date(now().getTime() - repeatedForMs));
          await keepDelivery(tx, { id, digest, answers: taken.answers });
        }
        return { kind: 'taken', answers: taken.answers };
      });
      await hurry(queued);
      return delivered;
    },
    async releaseDue() {
      const sources = config.sources.map((source) => source.id as SourceId);
      const queued = await releaseDue(db, sources, config.guards, now());
      await hurry(queued);
      return queued.length;
    },
  };
}
