import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onServerCore } from '../cores.ts';
import { outputOf, start, type Started } from '../processes.ts';
import { freePort, untilListening } from './ports.ts';
import { bidReply, HELLO, JOB_LIST, jobReply, ME, tokenReply } from './replies.ts';
import type { Counts, Server } from './server.ts';

/** How long nginx may keep lines of its log to itself, in ms; an account waits for twice as long. */
const FLUSH_MS = 100;

const AUTHORISED = 'if ($http_authorization !~ "^Bearer [0-9a-f]{32}$") { return 401; }';

/**
 * One worker; every request but `/` and `/status` leaves its step's name in a buffered log, which is the account. A token is
 * new at every login, so only a client that captures it gets on.
 */
const configuration = (folder: string, port: number): string => `
daemon off; worker_processes 1; pid ${folder}/pid;
events { worker_connections 16384; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder};`).join(' ')}
  keepalive_requests 1000000000; keepalive_timeout 75s; tcp_nodelay on; default_type application/json;
  map "$status $uri" $step {
    "~^[45]" refused; "~ /login$" login; "~ /api/jobs$" list; "~ /api/jobs/\\d+$" job; "~/bids$" bid; "~ /api/me$" me;
    default "";
  }
  log_format step $step;
  server {
    listen 127.0.0.1:${port} backlog=16384;
    access_log ${folder}/steps step buffer=64k flush=${FLUSH_MS}ms if=$step;
    location = / { access_log off; default_type text/plain; return 200 "${HELLO.trim()}\\n"; }
    location = /status { access_log off; stub_status; }
    location = /login { return 200 '${tokenReply('$request_id')}'; }
    location = /api/jobs { ${AUTHORISED} return 200 '${JOB_LIST}'; }
    location ~ ^/api/jobs/(\\d+)$ { set $job $1; ${AUTHORISED} return 200 '${jobReply('$job')}'; }
    location ~ ^/api/jobs/(\\d+)/bids$ { set $job $1; ${AUTHORISED} return 201 '${bidReply('$job')}'; }
    location = /api/me { ${AUTHORISED} return 200 '${ME}'; }
  }
}
`;

/** undefined where nginx isn't installed. */
export async function nginx(command: string | undefined): Promise<Server | undefined> {
  if (command === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-nginx-'));
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port));
  const process = start(onServerCore([command, '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']));
  await untilListening(port);
  const version = /nginx\/(\S+)/.exec(await outputOf(command, ['-v']))?.[1] ?? '';
  return new Nginx(`nginx ${version}, one worker`, `http://127.0.0.1:${port}`, { folder, process });
}

class Nginx implements Server {
  readonly name: string;
  readonly origin: string;
  readonly #folder: string;
  readonly #process: Started;
  #asked = 0;

  constructor(name: string, origin: string, { folder, process }: { folder: string; process: Started }) {
    this.name = name;
    this.origin = origin;
    this.#folder = folder;
    this.#process = process;
  }

  async counts(): Promise<Counts> {
    await delay(2 * FLUSH_MS);
    const status = await (await fetch(`${this.origin}/status`, { headers: { connection: 'close' } })).text();
    this.#asked += 1;
    const all = Number(/^ \d+ \d+ (\d+)/m.exec(status)?.[1]);
    const counts: Record<string, number> = { login: 0, list: 0, job: 0, bid: 0, me: 0, refused: 0 };
    let logged = 0;
    for (const step of (await readFile(join(this.#folder, 'steps'), 'latin1')).split('\n')) {
      if (step === '') continue;
      counts[step] = (counts[step] ?? 0) + 1;
      logged += 1;
    }
    return { get: all - this.#asked - logged, ...counts };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
