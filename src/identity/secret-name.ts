/** A rule may copy what nobody should read off a screen: by its name, such as `userPassword` or `pin`. */
export const isSecretName = (name: string): boolean => /pass|pwd|secret|token|key|pin$/i.test(name);
