import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../target/stack/free-port.ts';

/** Where a program is on the PATH; undefined, and said loudly, where it is on none. */
export function installed(program: string, hint: string): string | undefined {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (found === undefined)
    process.stderr.write(`outputs.test.ts does without ${program}, which is not installed (${hint})\n`);
  return found;
}

/** A process with a folder of its own, both gone when it is disposed of. */
class Daemon implements AsyncDisposable {
  readonly folder: string;
  readonly #process: ChildProcess;
  #said = '';

  private constructor(folder: string, process: ChildProcess) {
    this.folder = folder;
    this.#process = process;
    process.stderr?.on('data', (data: Buffer) => (this.#said += String(data)));
  }

  /** Resolves when `isReady`; rejects when it has ended, or after a while. */
  static async start(
    program: string,
    { file, text, args }: { file: string; text: string; args: readonly string[] },
    isReady: () => Promise<boolean>,
  ): Promise<Daemon> {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-receiver-'));
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, file), text.replaceAll('FOLDER', folder));
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const daemon = new Daemon(folder, child);
    const answers = () => isReady().catch(() => false);
    for (let tries = 0; !(await answers()); tries += 1) {
      if (child.exitCode === null && tries < MOST_TRIES) await delay(50);
      else {
        await daemon[Symbol.asyncDispose]();
        throw new Error(`${program} does not answer: ${daemon.#said}`);
      }
    }
    return daemon;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

const MOST_TRIES = 400;

interface Receiver extends AsyncDisposable {
  readonly url: string;
}

const receiver = (url: string, daemon: Daemon): Receiver => ({
  url,
  [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
});

/** Prometheus, which takes what is written to it, and scrapes `scraped` twice a second. */
export async function startPrometheus(
  program: string,
  scraped: number,
): Promise<Receiver & { readonly scraped: number }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = `scrape_configs: [{ job_name: scraped, scrape_interval: 500ms, scrape_timeout: 500ms, static_configs: [{ targets: ['127.0.0.1:${scraped}'] }] }]`;
  const args = [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--log.level=warn',
  ];
  const started = { file: 'prometheus.yml', text: config, args };
  return { scraped, ...receiver(url, await Daemon.start(program, started, () => isScraping(url))) };
}

/** It takes up to five seconds from being ready until it has tried its first target. */
async function isScraping(url: string): Promise<boolean> {
  const { data } = (await (await fetch(`${url}/api/v1/targets`)).json()) as {
    data: { activeTargets: readonly { lastScrape: string }[] };
  };
  return data.activeTargets.some(({ lastScrape }) => Date.parse(lastScrape) > 0);
}

/** InfluxDB with the database `load`, of which only `admin` may write and read. */
export async function startInflux(program: string, password: string): Promise<Receiver> {
  const [port, rpc] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const config = `
reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
dir = "FOLDER/data/meta"
[data]
dir = "FOLDER/data/data"
wal-dir = "FOLDER/data/wal"
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
auth-enabled = true
log-enabled = false
`;
  const started = { file: 'influx.toml', text: config, args: ['-config', 'influx.toml'] };
  const daemon = await Daemon.start(program, started, async () => (await fetch(`${url}/ping`)).ok);
  const ask = async (q: string, credentials: object): Promise<void> =>
    void (await fetch(`${url}/query?${String(new URLSearchParams({ q, ...credentials }))}`, { method: 'POST' }));
  await ask(`CREATE USER admin WITH PASSWORD '${password}' WITH ALL PRIVILEGES`, {});
  await ask('CREATE DATABASE load', { u: 'admin', p: password });
  return receiver(url, daemon);
}

/** OpenTelemetry's collector, which writes what it receives to `metrics` as lines of JSON. */
export async function startCollector(program: string): Promise<Receiver & { metrics(): Promise<string> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = `
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:${port}' } } } }
exporters: { file: { path: FOLDER/metrics.ndjson } }
service:
  telemetry: { metrics: { level: none } }
  pipelines: { metrics: { receivers: [otlp], exporters: [file] } }
`;
  const started = { file: 'collector.yaml', text: config, args: ['--config', 'file:collector.yaml'] };
  const headers = { 'content-type': 'application/json' };
  const ask = async () => (await fetch(`${url}/v1/metrics`, { method: 'POST', headers, body: '{}' })).ok;
  const daemon = await Daemon.start(program, started, ask);
  return { ...receiver(url, daemon), metrics: () => readFile(join(daemon.folder, 'metrics.ndjson'), 'utf8') };
}

/** Takes datagrams. */
export async function listenForDatagrams(): Promise<{ port: number; lines: string[] } & AsyncDisposable> {
  const socket = createSocket('udp4');
  const lines: string[] = [];
  socket.on('message', (message) => lines.push(...String(message).split('\n')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, lines, [Symbol.asyncDispose]: async () => void socket.close() };
}

/** A server of which a test decides what becomes of a request. */
export async function listen(answer: (request: IncomingMessage, body: Buffer) => number | 'never' | 'gone') {
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const status = answer(request, Buffer.concat(chunks));
        if (status === 'gone') {
          server.close();
          server.closeAllConnections();
        } else if (status !== 'never') reply.writeHead(status).end();
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
    },
  };
}
