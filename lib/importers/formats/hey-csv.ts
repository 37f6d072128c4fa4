import { SampleRows } from '../building/sample-rows.ts';
import { outcomeOfStatus } from '../reading/failure.ts';
import type { Importer } from '../reading/importer.ts';
import { heyTimes } from './hey-text.ts';

/** `hey -o csv`: a row a reply, at most 1,000,000 of them; requests without a reply have none. */
export const heyCsv: Importer = {
  name: 'hey -o csv',
  takes: 'utf-8',
  recognises: ({ lines: [first = ''] }) => first.startsWith('response-time,DNS+dialup,'),
  begin: (samples) =>
    new SampleRows(
      {
        name: 'hey -o csv',
        delimiter: ',',
        columns: ['response-time', 'status-code', 'offset'],
        sample: (number) => {
          const us = Math.round(number('response-time') * 1e6);
          const status = number('status-code');
          return us >= 0 && status >= 100
            ? { startUs: Math.round(number('offset') * 1e6), us, outcome: outcomeOfStatus(status) }
            : undefined;
        },
        says: (rows) => ({
          tool: 'hey',
          evidence: 'samples',
          times: heyTimes,
          model: 'closed',
          cannotSay: ['It does not say what was loaded, by how many workers, nor which requests had no reply.'],
          remarks: rows >= MOST_ROWS ? ['It holds as many rows as hey keeps: there may have been more requests.'] : [],
        }),
      },
      samples,
    ),
};

/** hey keeps no more. */
const MOST_ROWS = 1_000_000;
