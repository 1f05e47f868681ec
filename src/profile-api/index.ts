/** The profile API's client, as the rest of Rollcall sees it. */
export { type ProfileApiAnswer, ProfileApiError, type RetryReason, type Verdict } from './answer.ts';
export { saysLicenceFull } from './classify-answer.ts';
export { createProfileApi } from './client.ts';
export type { CsvFile } from './content.ts';
export type { Sighting, Wanted } from './find-newest.ts';
export type { Trust } from './list-pass.ts';
export type { EndEvent, ListEvent, ListOptions, ProfilesEvent } from './list-profiles.ts';
export { type Pace, pausingPace } from './pace.ts';
export { type ParsedProfile, parseProfile, type UnreadableRow } from './parse-profile.ts';
export { type EncodedPassword, encodePassword, generatePassword } from './password.ts';
export type { Patience } from './patience.ts';
export {
  type AttributeValue,
  type Profile,
  type ProfileAttributes,
  type ProfileId,
  readOnlyAttributes,
  type UserId,
} from './profile.ts';
export type { ActiveUsers, CreateAnswer, DownloadedFile, ProfileApi, WriteAnswer } from './profile-api.ts';
export type { ListPage, PageAnswer, PageAsked } from './read-page.ts';
export { tidy } from './server-sentence.ts';
export type { SentRequest, TransportOptions } from './transport.ts';
