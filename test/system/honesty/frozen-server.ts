import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const LISTEN = `const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(String(server.address().port)));
process.stdin.on('end', () => process.exit()).resume();`;

/** A process that listens, and was stopped before it accepted anything: connections wait in its backlog, or before it. */
export class FrozenServer {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(): Promise<FrozenServer> {
    const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGSTOP');
    return new FrozenServer(child, Number(line.toString()));
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}
