import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const TASK = fileURLToPath(new URL('task.ts', import.meta.url));

/** The artificial limit of a task, and how long it takes until it answers. */
export interface TaskKind {
  readonly slots: number;
  readonly serviceMs: number;
  readonly startUpMs: number;
  readonly patienceMs: number;
}

interface RunningTask {
  readonly process: ChildProcess;
  /** Undefined until its first healthy answer. */
  port?: number;
  underWay: number;
  served: number;
}

/** What the balancer saw since it was last asked. */
export interface Seen {
  readonly requests: number;
  readonly ok: number;
  /** Of those that were over; the rest is under way still. */
  readonly failed: number;
  readonly timesMs: readonly number[];
}

/** Tasks as processes of this machine, and a balancer that sends each request to the one with the fewest under way. */
export class LocalFleet implements AsyncDisposable {
  /** From the start of each process until its first healthy answer. */
  readonly startUpsMs: number[] = [];
  readonly #kind: TaskKind;
  readonly #tasks: RunningTask[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((asked, reply) => this.#balance(asked, reply));
  #seen = { requests: 0, ok: 0, failed: 0, timesMs: [] as number[] };

  constructor(kind: TaskKind) {
    this.#kind = kind;
  }

  /** Opens the balancer, and returns its address. */
  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get running(): number {
    return this.#healthy().length;
  }

  /** Requests answered, by task that runs. */
  get served(): number[] {
    return this.#healthy().map(({ served }) => served);
  }

  /** Starts or ends tasks, the newest first, and does not wait for them. */
  scaleTo(count: number): void {
    while (this.#tasks.length < count) this.#start();
    for (const { process: each } of this.#tasks.splice(count)) each.stdin?.end();
  }

  async settled(): Promise<void> {
    while (this.running < this.#tasks.length) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  take(): Seen {
    const seen = this.#seen;
    this.#seen = { requests: 0, ok: 0, failed: 0, timesMs: [] };
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#tasks.map(({ process: each }) => once(each, 'exit'));
    this.scaleTo(0);
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await Promise.all(ended);
  }

  #healthy(): RunningTask[] {
    return this.#tasks.filter(({ port }) => port !== undefined);
  }

  #start(): void {
    const { slots, serviceMs, startUpMs, patienceMs } = this.#kind;
    const startedMs = performance.now();
    const child = spawn(process.execPath, [TASK, ...[slots, serviceMs, startUpMs, patienceMs].map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const task: RunningTask = { process: child, underWay: 0, served: 0 };
    this.#tasks.push(task);
    child.stdout.once('data', (text: Buffer) => {
      const asked = request({ port: Number(text), agent: this.#agent }, (answer) => {
        answer.resume();
        if (answer.statusCode !== 200) return;
        task.port = Number(text);
        this.startUpsMs.push(performance.now() - startedMs);
      });
      asked.on('error', () => undefined).end();
    });
  }

  #balance({ url, method }: IncomingMessage, reply: ServerResponse): void {
    this.#seen.requests += 1;
    const task = this.#healthy().toSorted((a, b) => a.underWay - b.underWay || a.served - b.served)[0];
    if (task?.port === undefined) {
      this.#seen.failed += 1;
      return void reply.writeHead(503).end();
    }
    const beganMs = performance.now();
    task.underWay += 1;
    const over = (ok: boolean): void => {
      task.underWay -= 1;
      if (!ok) this.#seen.failed += 1;
      if (!ok) return;
      task.served += 1;
      this.#seen.ok += 1;
      this.#seen.timesMs.push(performance.now() - beganMs);
    };
    const asked = request({ port: task.port, path: url, method, agent: this.#agent }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502);
      answer.pipe(reply);
      answer.once('end', () => over(answer.statusCode === 200));
    });
    // One that was sent to a task as it ended.
    asked.on('error', () => {
      over(false);
      reply.writeHead(502).end();
    });
    asked.end();
  }
}
