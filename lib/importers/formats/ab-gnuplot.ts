import { SampleRows } from '../building/sample-rows.ts';
import type { Importer } from '../reading/importer.ts';
import { abTimes } from './ab.ts';

/** `ab -g`: a row a request, sorted by its time; each begins in a whole second. */
export const abGnuplot: Importer = {
  name: 'ab -g',
  takes: 'utf-8',
  recognises: ({ lines: [first = ''] }) => first.startsWith('starttime\tseconds\tctime\tdtime\tttime\twait'),
  begin: (samples) =>
    new SampleRows(
      {
        name: 'ab -g',
        delimiter: '\t',
        columns: ['seconds', 'ttime'],
        sample: (number) => {
          const [second, ms] = [number('seconds'), number('ttime')];
          return second > 0 && ms >= 0 ? { startUs: second * 1e6, us: ms * 1000, outcome: 'cut' } : undefined;
        },
        says: () => ({
          tool: 'ab',
          evidence: 'samples',
          times: abTimes,
          model: 'closed',
          cannotSay: [
            'It does not say how any request ended, so all of them count as cut: neither ok nor failed.',
            'It holds the beginning of a request in whole seconds, and neither what was loaded nor by how many users.',
          ],
        }),
      },
      samples,
    ),
};
