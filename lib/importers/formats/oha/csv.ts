import { SampleRows } from '../../building/sample-rows.ts';
import { outcomeOfStatus } from '../../reading/failure.ts';
import type { Importer } from '../../reading/importer.ts';
import { ohaTimes } from './json.ts';

/** `oha --output-format csv`: a row a reply, in seconds from the start; requests without a reply have none (src/printer.rs). */
export const ohaCsv: Importer = {
  name: 'oha CSV',
  takes: 'utf-8',
  recognises: ({ lines: [first = ''] }) => first.startsWith('request-start,DNS,DNS+dialup,'),
  begin: (samples) =>
    new SampleRows(
      {
        name: 'the CSV of oha',
        delimiter: ',',
        columns: ['request-start', 'request-duration', 'status'],
        sample: (number) => {
          const [startUs, us] = [number('request-start') * 1e6, number('request-duration') * 1e6];
          const status = number('status');
          return startUs >= 0 && us >= 0 && status >= 100
            ? { startUs: Math.round(startUs), us: Math.round(us), outcome: outcomeOfStatus(status) }
            : undefined;
        },
        says: () => ({
          tool: 'oha',
          evidence: 'samples',
          times: ohaTimes,
          model: 'unknown',
          cannotSay: ['It does not say what was loaded, by how many workers, nor which requests had no reply.'],
        }),
      },
      samples,
    ),
};
