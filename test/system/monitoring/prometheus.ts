import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../target/stack/free-port.ts';

/** Whether Prometheus and its tool are on the PATH (Debian's package `prometheus` brings both). */
export function installed(): boolean {
  try {
    for (const name of ['prometheus', 'promtool']) execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What promtool says, and whether all was well. */
export async function promtool(args: readonly string[], folder: string): Promise<{ ok: boolean; said: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)('promtool', args, { cwd: folder, maxBuffer: 2 ** 26 });
    return { ok: true, said: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { ok: false, said: stdout + stderr };
  }
}

/** One series of a result. */
export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A Prometheus of a test's own: on a free port, with its data in the test's folder, in `data` where no flag names another. */
export class Prometheus implements AsyncDisposable {
  readonly origin: string;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(port: number, folder: string, flags: readonly string[]) {
    this.origin = `http://127.0.0.1:${port}`;
    const data = flags.some((flag) => flag.startsWith('--storage.tsdb.path='))
      ? []
      : [`--storage.tsdb.path=${join(folder, 'data')}`];
    const own = [`--web.listen-address=127.0.0.1:${port}`, ...data];
    this.#process = spawn('prometheus', [...flags, ...own], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process.stderr?.on('data', (text: Buffer) => (this.#log += text.toString()));
  }

  /** In its folder stand its configuration and, in `data`, what it holds already. */
  static async start(folder: string, flags: readonly string[]): Promise<Prometheus> {
    const started = new Prometheus(await freePort(), folder, flags);
    await started.until(
      'ready',
      async () => (await fetch(`${started.origin}/-/ready`).catch(() => undefined))?.ok === true,
    );
    return started;
  }

  /** Waits until `holds`; what its log says is in the error where that never comes. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const endAtMs = Date.now() + 45_000; Date.now() < endAtMs;) {
      if (await holds()) return;
      if (this.#process.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Prometheus: not ${what}. ${this.#log.slice(-2000)}`);
  }

  async #ask<Data>(path: string, form?: Readonly<Record<string, string>>): Promise<Data> {
    const reply = await fetch(
      `${this.origin}/api/v1/${path}`,
      form && { method: 'POST', body: new URLSearchParams(form) },
    );
    const { status, data, error } = (await reply.json()) as { status: string; data: Data; error?: string };
    if (status !== 'success') throw new Error(`${form?.['query'] ?? path}: ${error}`);
    return data;
  }

  /** The query's values at a time, by default now. */
  async query(expression: string, atSeconds?: number): Promise<Found[]> {
    const form = { query: expression, ...(atSeconds !== undefined && { time: String(atSeconds) }) };
    const { result } = await this.#ask<{ result: { metric: Found['metric']; value: [number, string] }[] }>(
      'query',
      form,
    );
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** Alarms that are on, by name. */
  async firing(): Promise<Map<string, FiringAlert>> {
    const { alerts } = await this.#ask<{ alerts: (FiringAlert & { state: string })[] }>('alerts');
    return new Map(
      alerts.filter(({ state }) => state === 'firing').map((each) => [each.labels['alertname'] ?? '', each]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'exit');
  }
}
