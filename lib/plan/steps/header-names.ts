/** RFC 9110 §5.6.2: the letters of a header's name. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

export const isFieldName = (name: string): boolean => TOKEN.test(name);

const GENERATORS_OWN = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The generator frames messages and keeps connections itself: a second opinion would break the exchange. */
export const isGeneratorsOwn = (name: string): boolean => GENERATORS_OWN.has(name.toLowerCase());
