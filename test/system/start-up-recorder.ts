import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What a client asks of PostgreSQL before anything else, by parameter. */
export type StartUpMessage = Readonly<Record<string, string>>;

/** The protocol's number in a start-up message, 3.0. Anything else before it asks for encryption, and is answered "no". */
const PROTOCOL = 196_608;
const NO = 'N';

/** AuthenticationOk and ReadyForQuery. */
const WELCOME = Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 0, 90, 0, 0, 0, 5, 73]);

/**
 * What RDS Proxy answers to an option, by its documents.
 * Source: Amazon RDS User Guide, "Troubleshooting for RDS Proxy".
 */
function refusal(option: string): Buffer {
  const text = `Feature not supported: RDS Proxy currently doesn’t support the option ${option}.`;
  const body = Buffer.from(`SFATAL\0C0A000\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Speaks as much of PostgreSQL's protocol as it takes to read start-up messages; hangs up on the first statement. */
export class StartUpRecorder implements AsyncDisposable {
  readonly messages: StartUpMessage[] = [];
  readonly #server: Server;
  readonly #accepted: ReadonlySet<string>;

  private constructor(accepted: readonly string[]) {
    this.#accepted = new Set(accepted);
    this.#server = createServer((socket) => this.#receive(socket));
  }

  /** A proxy that refuses parameters other than these. */
  static async start(accepted: readonly string[]): Promise<StartUpRecorder> {
    const recorder = new StartUpRecorder(accepted);
    recorder.#server.listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    return recorder;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #receive(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (data.readInt32BE(4) !== PROTOCOL) return void socket.write(NO);
      const words = data.toString('utf8', 8).split('\0');
      const pairs = words.flatMap((word, i) => (i % 2 === 0 && word !== '' ? [[word, words[i + 1] ?? '']] : []));
      const message: StartUpMessage = Object.fromEntries(pairs);
      this.messages.push(message);
      const refused = Object.keys(message).find((name) => !this.#accepted.has(name));
      if (refused !== undefined) return void socket.end(refusal(refused));
      socket.removeAllListeners('data').once('data', () => socket.destroy());
      socket.write(WELCOME);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}
