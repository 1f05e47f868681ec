/** Of this Rollcall, as package.json has it. */
export const version = '0.1.0';

/** The header by which a service tells its version. */
export const versionHeader = 'rollcall-version';
