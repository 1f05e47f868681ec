/** A value that looks like its base type but can't be mixed up with another kind of id. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name };
