/** What the server answers, whichever it is: nginx and our own send the same bytes. */
export const HELLO = 'hello from a server whose answer is always the same\n';

export const JOB_LIST = JSON.stringify({
  items: Array.from({ length: 20 }, (_, i) => ({ id: 4711 + i, title: `Fit a kitchen, part ${i}`, city: 'Leeds' })),
});

export const ME = JSON.stringify({ id: 1, name: 'user-1', city: 'Leeds' });

/** `id` may be nginx's variable. */
export const jobReply = (id: string): string => `{"id":${id},"title":"Fit a kitchen","city":"Leeds","budget":1200}`;
export const bidReply = (id: string): string => `{"id":99,"job":${id},"amount":100}`;
export const tokenReply = (token: string): string => `{"token":"${token}"}`;
