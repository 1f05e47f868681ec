import { z } from 'zod';

/** How a directory's groups become `user.groups`. Nothing of it is read where no rule asks for them. */
export const ldapGroups = z
  .strictObject({
    by: z
      .enum(['auto', 'member-of', 'walk', 'in-chain'])
      .default('auto')
      .describe(
        "member-of: by what people's entries say (attributes.groups). walk: by what groups say of their members. in-chain: by Active Directory's matching rule, for the groups of `only`. auto: member-of on Active Directory, else walk",
      ),
    nested: z.boolean().default(true).describe('Also the groups that a group is in itself, at any depth'),
    baseDn: z
      .string()
      .min(1)
      .optional()
      .describe('Where groups are. Without it, the naming context that holds baseDn')
      .meta({ examples: ['ou=groups,dc=example,dc=com'] }),
    filter: z
      .string()
      .min(1)
      .default(
        '(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=groupOfMembers)(objectClass=posixGroup)(objectClass=groupOfURLs))',
      )
      .describe('LDAP filter that finds groups'),
    members: z
      .array(z.string().min(1))
      .min(1)
      .default(['member', 'uniqueMember', 'memberUid'])
      .describe("Attributes that list a group's members: DNs, except for memberUid, which has uids"),
    only: z
      .array(z.string().min(1))
      .default([])
      .describe('DNs of the only groups that count. They are named in user.groups as they are written here')
      .meta({ examples: [['cn=staff,ou=groups,dc=example,dc=com']] }),
    names: z
      .enum(['dn', 'cn'])
      .default('dn')
      .describe('What user.groups has: whole DNs, or the first part of each, such as Sales'),
  })
  .prefault({})
  .describe('How groups become `user.groups`; read where a rule asks for them');
