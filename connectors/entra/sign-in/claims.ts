/** What a token says about who it is for. For showing alone: whether it is genuine, Graph decides. */
import { z } from 'zod';

const claimsSchema = z.looseObject({
  tid: z.string().optional(),
  appid: z.string().optional(),
  app_displayname: z.string().optional(),
  roles: z.array(z.string()).optional(),
  exp: z.number().optional(),
});

export interface Claims {
  readonly tenantId: string | undefined;
  readonly clientId: string | undefined;
  readonly application: string | undefined;
  /** The application permissions that were consented to. */
  readonly permissions: ReadonlySet<string>;
}

/** Undefined where the token is not of the form that Microsoft's are. */
export function readClaims(token: string): Claims | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const claims = claimsSchema.parse(JSON.parse(payload));
    return {
      tenantId: claims.tid,
      clientId: claims.appid,
      application: claims.app_displayname,
      permissions: new Set(claims.roles ?? []),
    };
  } catch {
    return undefined;
  }
}
