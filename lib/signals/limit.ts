/** Beyond which a value is bad; the limit itself is still good. */
export type Limit = { readonly above: number } | { readonly below: number };
