import { scoreHistories } from './synthetic.ts';

/** `npm run bench:history -- [histories]`: how soon a step is found, and how often there is none. Jest's own realm makes such arithmetic twenty times slower. */
const histories = Number(process.argv[2] ?? 200);
process.stdout.write(`${JSON.stringify({ histories, ...scoreHistories(histories) })}\n`);
