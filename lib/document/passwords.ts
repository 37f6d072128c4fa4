/** Whether an address names a user, as in http://ann:password@host; WHATWG URLs need no slashes, and take them either way round. */
export const namesUser = (address: string): boolean => /^\s*[a-z][a-z\d+.-]*:[\\/]*[^\\/?#]*@/i.test(address);

/** User and password of an address stand in no message, which may be in a log for all to read. The caret stays where it is. */
export const withoutPassword = (text: string): string =>
  text.replaceAll(/(?<=[a-z]:[\\/]*)[^\s\\/"']+(?=@)/gi, (secret) => '*'.repeat(secret.length));
