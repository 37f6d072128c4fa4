import { createServer } from 'node:http';
import { behaviours } from './behaviours.ts';
import type { Blocking } from './behaviour.ts';
import { Replies } from './replies.ts';

/** A server that answers exactly as a behaviour says. Arguments: the behaviour's name, the port. `/account` tells of it. */
const behaviour = behaviours.find(({ name }) => name === process.argv[2]);
if (behaviour === undefined) throw new TypeError(`no behaviour ${process.argv[2]}`);
const answer = behaviour.begin();
const replies = new Replies();
const nowUs = (): number => performance.now() * 1000;
const sleeping = new Int32Array(new SharedArrayBuffer(4));
let firstUs: number | undefined;
let requests = 0;

createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  request.resume();
  if (request.url === '/account') {
    response.end(JSON.stringify({ requests, worstLateUs: Math.round(replies.worstLateUs) }));
    return;
  }
  const atUs = nowUs();
  if (firstUs === undefined) {
    firstUs = atUs;
    if (behaviour.blocking !== undefined) block(behaviour.blocking, atUs, 0);
  }
  requests += 1;
  const dueUs = firstUs + answer(atUs - firstUs);
  replies.at(dueUs, () => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 3 });
    response.end('ok\n');
  });
}).listen(Number(process.argv[3]), '127.0.0.1', 4096);

/** Stands still in every period from the first request on. */
function block(blocking: Blocking, startedUs: number, period: number): void {
  const fromUs = startedUs + period * blocking.periodUs + blocking.fromUs;
  replies.at(fromUs, () => {
    const leftMs = (fromUs + blocking.lengthUs - nowUs()) / 1000;
    if (leftMs > 0) Atomics.wait(sleeping, 0, 0, leftMs);
    block(blocking, startedUs, period + 1);
  });
}
