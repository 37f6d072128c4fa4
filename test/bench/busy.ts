/**
 * `npm run bench:busy -- 50`: how often small plans come out right on a machine that has other work, as runners of CI have: with three
 * processes that never rest, of fifty runs at most two may be void, and none may have a wrong verdict. Some ten minutes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../../lib/analysis/verdict.ts';
import { CommandLine, Workplace } from '../system/command-line.ts';
import { measuredOn } from './practice/machine-line.ts';
import { table } from './table.ts';

/** As many as the wanted load average, which an average over a minute comes near in two. */
const OTHERS = 3;
const SETTLING_MS = 120_000;

/** Answers each request after so many milliseconds; every eighth with 500 below /ill. Prints its port. */
const SERVER = `let n = 0;
const server = require('node:http').createServer(({ url }, reply) => {
  reply.statusCode = url.startsWith('/ill') && (n += 1) % 8 === 0 ? 500 : 200;
  setTimeout(() => reply.end('{"ok":true}'), 20);
}).listen(0, '127.0.0.1', () => console.log(server.address().port));`;

/** Plans whose verdict is known, far from what a busy machine adds to a time. */
const PLANS: readonly (readonly [name: string, verdict: Verdict, path: string, load: string, objective: string])[] = [
  ['few arrivals', 'pass', '/', 'open: { rate: 20 }', 'p99 < 500ms'],
  ['few arrivals, too slow', 'fail', '/', 'open: { rate: 20 }', 'p50 < 10ms'],
  ['users', 'pass', '/', 'closed: { users: 5 }', 'p95 < 500ms'],
  ['a ramp', 'pass', '/', 'open: { ramp: { from: 5, to: 60 } }', 'errors < 1%'],
  ['errors', 'fail', '/ill', 'open: { rate: 40 }', 'errors < 5%'],
];

const runs = Number(process.argv[2] ?? 50);
const others: ChildProcess[] = Array.from({ length: OTHERS }, () => spawn(process.execPath, ['-e', 'for (;;);']));
const server = spawn(process.execPath, ['-e', SERVER]);
const place = await Workplace.make();
try {
  const port = await new Promise<string>((resolve) =>
    server.stdout.once('data', (text) => resolve(String(text).trim())),
  );
  await sleep(runs < 10 ? 0 : SETTLING_MS);
  const found = PLANS.map(() => [] as Verdict[]);
  for (let run = 0; run < runs; run += 1) {
    const at = run % PLANS.length;
    const verdict = await verdictOf(port, at, run);
    found[at]?.push(verdict);
    process.stderr.write(`${run + 1} of ${runs}: ${PLANS[at]?.[0]} ${verdict}, load ${loadavg()[0]?.toFixed(1)}\n`);
  }
  const count = (at: number, ...wanted: (Verdict | undefined)[]): number =>
    (found[at] ?? []).filter((verdict) => wanted.includes(verdict)).length;
  const rows = PLANS.map(([name, verdict], at) => {
    const [right, open] = [count(at, verdict), count(at, 'void', 'unknown')];
    const all = found[at]?.length ?? 0;
    return [name, verdict, String(right), String(open), String(all - right - open)];
  });
  process.stdout.write(`${measuredOn(`npm run bench:busy -- ${runs}`)}\n\n`);
  process.stdout.write(`${table(['plan', 'is', 'right', 'void or unknown', 'wrong'], rows)}\n`);
  const sum = (column: number): number => rows.reduce((total, row) => total + Number(row[column]), 0);
  // At most one in twenty-five without a verdict, and none that is wrong.
  process.exitCode = sum(3) > runs / 25 || sum(4) > 0 ? 1 : 0;
} finally {
  for (const each of [...others, server]) each.kill('SIGKILL');
  await place[Symbol.asyncDispose]();
}

async function verdictOf(port: string, at: number, run: number): Promise<Verdict> {
  const [name, , path, load, objective] = PLANS[at] ?? [];
  const plan = `name: ${name}
target: http://127.0.0.1:${port}
scenarios: [{ name: all, steps: [{ get: ${path} }] }]
phases: [{ name: load, kind: sustained, duration: 5s, ${load}, objectives: ['${objective}'] }]
`;
  const file = await place.write(`${run}.yaml`, plan);
  await new CommandLine(['run', file, '--out', `${place.path}/${run}`]).ended;
  return (await place.summary(String(run))).verdict;
}
