/** A path of the console and nothing else: nobody is sent elsewhere by a link that looks like ours. */
export const safePath = (path: string): string => (/^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/');
