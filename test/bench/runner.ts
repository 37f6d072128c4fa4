import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured, type Cost } from './measured.ts';
import type { Invocation, Job, Peer, Reported, Work } from './peers/peer.ts';
import { countedSince, totalOf, type Counts, type Server } from './server/server.ts';

/** A peer that was found on this machine. */
export interface Found {
  readonly peer: Peer;
  readonly path: string;
  readonly version: string;
}

/** One run of one peer: what it cost, what it said, and what the server counted meanwhile. */
export interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
  readonly served: number;
  readonly servedBySteps: Counts;
  readonly reported: Reported;
}

/** Runs a command in a folder of its own, which is gone afterwards; `read` gets its report and what it cost. */
export async function inFolder<T>(
  command: string,
  make: (folder: string) => Invocation,
  read: (report: string, cost: Cost, folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
  try {
    const invocation = make(folder);
    for (const [name, text] of Object.entries(invocation.files ?? {})) await writeFile(join(folder, name), text);
    const cost = await measured([invocation.command ?? command, ...invocation.argv], folder, invocation.env);
    return await read(await reportOf(invocation, cost, folder), cost, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function reportOf({ report }: Invocation, cost: Cost, folder: string): Promise<string> {
  if (report === undefined) return cost.stdout;
  return await readFile(join(folder, report), 'utf8').catch(() => {
    throw new Error(`no report; exit code ${cost.exitCode}: ${`${cost.stdout}${cost.stderr}`.trim().slice(-400)}`);
  });
}

/** undefined where the peer can't do the work; throws where it broke down. */
export async function runPeer(
  { peer, path }: Found,
  work: Work,
  job: Omit<Job, 'folder' | 'origin'>,
  server: Server,
): Promise<Run | undefined> {
  const make = peer.works[work];
  if (make === undefined) return undefined;
  const before = await server.counts();
  const { cost, reported } = await inFolder(
    path,
    (folder) => make({ ...job, origin: server.origin, folder }),
    (report, spent) => ({ cost: spent, reported: peer.read(report) }),
  );
  const servedBySteps = countedSince(before, await server.counts());
  return {
    seconds: job.seconds,
    cpuSeconds: cost.cpuSeconds,
    peakRssBytes: cost.peakRssBytes,
    served: totalOf(servedBySteps),
    servedBySteps,
    reported,
  };
}
