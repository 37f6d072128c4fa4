export interface Recorded {
  readonly at?: number;
  readonly method?: string;
  readonly url: string;
  readonly page?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly post?: object;
  readonly status?: number;
  readonly mime?: string;
  readonly reply?: string;
  readonly replyHeaders?: Readonly<Record<string, string>>;
  readonly extra?: object;
}

const listOf = (map: Readonly<Record<string, string>> = {}): object[] =>
  Object.entries(map).map(([name, value]) => ({ name, value }));

/** A HAR. `at` is in seconds; each request takes 100 ms. */
export const recording = (entries: readonly Recorded[], pages: readonly object[] = []): string =>
  JSON.stringify(
    {
      log: {
        version: '1.2',
        pages,
        entries: entries.map(
          ({
            at,
            method = 'GET',
            url,
            page,
            headers,
            post,
            status = 200,
            mime = 'application/json',
            reply,
            replyHeaders,
            extra,
          }) => ({
            ...(at !== undefined && { startedDateTime: new Date(1e12 + at * 1000).toISOString(), time: 100 }),
            ...(page !== undefined && { pageref: page }),
            request: { method, url, headers: listOf(headers), ...(post !== undefined && { postData: post }) },
            response: {
              status,
              headers: listOf(replyHeaders),
              content: { mimeType: mime, ...(reply !== undefined && { text: reply }) },
            },
            ...extra,
          }),
        ),
      },
    },
    undefined,
    1,
  );
