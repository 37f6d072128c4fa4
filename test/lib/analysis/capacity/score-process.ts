import { cases } from './cases.ts';
import { scoreOf } from './score.ts';

/** Prints the score of every case, of so many searches each, by its name. Jest's own realm makes such arithmetic twenty times slower. */
const searches = Number(process.argv[2]);
process.stdout.write(JSON.stringify(Object.fromEntries(cases.map((one) => [one.name, scoreOf(one, searches)]))));
