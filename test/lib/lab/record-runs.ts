/** `npm run lab:recordings -- FOLDER FAULT…`, after `plimsoll lab grade --runs 1 --record FOLDER`: keeps runs for recorded-runs.test.ts. */
import { join } from 'node:path';
import { keepExperiment } from './recorded.ts';

const [folder = '.', ...faults] = process.argv.slice(2);
for (const fault of faults) keepExperiment(fault, join(folder, `${fault}-1`));
