/** Prints what faults there are: `node target/faults/main.ts`; one line of JSON, without starting anything. */
import { catalogue } from './catalogue.ts';

process.stdout.write(`${JSON.stringify(catalogue())}\n`);
