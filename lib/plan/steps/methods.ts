export const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
export type Method = (typeof methods)[number];

/** The keys of which each is a body. */
export const bodies = ['json', 'form', 'body', 'multipart'] as const;
