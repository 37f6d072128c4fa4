import type { Encoder, Output } from './output.ts';
import { rowsOf } from './rows.ts';

/** Lines of JSON, one a reading, for `jq` and whatever reads a file as it grows. */
export const ndjson: Output = {
  kind: 'ndjson',
  example: 'ndjson=live.ndjson',
  usual: '',
  open: ({ text }) => ({
    destination: { by: 'file', name: 'live.ndjson', ...(text !== '' && { path: text }) },
    encoder: lines,
  }),
};

/** `at` is the second's end; counts are of the second, times in seconds. */
const lines: Encoder = {
  second: (live) => {
    const common = { at: new Date(live.atMs).toISOString(), run: live.run.id, second: live.second };
    return rowsOf(live).map(({ family, labels, fields }) =>
      JSON.stringify({ ...common, metric: family.name, ...labels, ...fields }),
    );
  },
};
