import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { ms, table } from '../table.ts';

const SIZES = [1, 2, 3, 4, 8];
const STATEMENTS = 600;
const PER_SECOND = 100;
/** A connection is held for so long, and no CPU is used: what a busy machine does to the figures is little. */
const HELD_MS = 20;

/** How long statements that come at a steady rate wait for a connection, in a pool of that size. */
async function waits(connectionString: string, max: number): Promise<readonly number[]> {
  const pool = new Pool({ connectionString, max });
  await Promise.all(Array.from({ length: max }, () => pool.query('SELECT pg_sleep(0.05)')));
  const times: number[] = [];
  const work = async (): Promise<void> => {
    const at = performance.now();
    const client = await pool.connect();
    times.push(performance.now() - at);
    await client.query('SELECT pg_sleep($1)', [HELD_MS / 1000]);
    client.release();
  };
  const startedAt = performance.now();
  const working: Promise<void>[] = [];
  for (let n = 0; n < STATEMENTS; n += 1) {
    await pause(Math.max(0, startedAt + (n * 1000) / PER_SECOND - performance.now()));
    working.push(work());
  }
  await Promise.all(working);
  await pool.end();
  return times.toSorted((a, b) => a - b);
}

/** What the size of a pool does to those who wait for it. */
export async function poolTable(url: string): Promise<string> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const times = await waits(url, size);
    const share = (part: number): string => ms((times[Math.ceil(part * times.length) - 1] ?? Number.NaN) * 1000);
    rows.push([`${size}`, share(0.5), share(0.95)]);
  }
  const head = ['connections', 'median wait, ms', 'p95 wait, ms'];
  return `${PER_SECOND} statements a second that hold a connection for ${HELD_MS} ms each:\n\n${table(head, rows)}`;
}
