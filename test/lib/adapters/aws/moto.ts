import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const VERSION = '5.2.1';

/** moto's server of PyPI. */
export const motoProgram = (): string | undefined =>
  installedProgram({
    name: 'moto',
    version: VERSION,
    requirement: 'moto[server]',
    file: 'moto_server',
    asks: '--help',
  });

export interface PythonProgram {
  readonly name: string;
  readonly version: string;
  readonly requirement: string;
  /** In the environment's `bin`. */
  readonly file: string;
  /** What it answers and ends well. */
  readonly asks: '--help' | '--version';
}

/** A program of PyPI in a virtual environment that outlives the run, since making it takes longer than the rest. */
export function installedProgram({ name, version, requirement, file, asks }: PythonProgram): string | undefined {
  // Each user's own: another's may stand there and not be ours to run.
  const home = join(tmpdir(), `plimsoll-${name}-${version}-${userInfo().username}`);
  const program = join(home, 'bin', file);
  const runs = (): boolean => spawnSync(program, [asks]).status === 0;
  if (existsSync(program) && runs()) return program;
  const made = spawnSync('python3', ['-m', 'venv', home]).status === 0;
  const installed =
    made && spawnSync(join(home, 'bin', 'pip'), ['install', '--quiet', `${requirement}==${version}`]).status === 0;
  return installed && runs() ? program : undefined;
}

/** moto picks the service by the scope of the signature, which it does not check. */
const scope = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

/** A moto server on a loopback port of its own choice. */
export class Moto {
  readonly #child: ChildProcess;
  /** For any client; no chain of credentials is asked. */
  readonly clientConfig;

  /** For the clients of a process of its own. */
  get environment(): Record<string, string> {
    const { endpoint, region, credentials } = this.clientConfig;
    return {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  }

  private constructor(child: ChildProcess, endpoint: string) {
    this.#child = child;
    this.clientConfig = {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
      // moto can't read compressed PutMetricData.
      disableRequestCompression: true,
    };
  }

  static async start(program: string): Promise<Moto> {
    const child = spawn(program, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const line of createInterface(child.stderr)) {
      const endpoint = /Running on (http:\S+)/.exec(line)?.[1];
      if (endpoint === undefined) continue;
      child.stderr.resume();
      return new Moto(child, endpoint);
    }
    throw new Error('moto ended before it listened');
  }

  /** One call of SQS, which no adapter uses: so it has no client here. */
  async sqs(action: string, body: object): Promise<unknown> {
    const reply = await fetch(this.clientConfig.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
        authorization: scope('sqs'),
      },
      body: JSON.stringify(body),
    });
    return await reply.json();
  }

  /** Where a balancer can stand: EC2, which no adapter uses either, has a VPC from the start. */
  async subnets(): Promise<{ readonly vpc: string; readonly subnets: string[] }> {
    const reply = await fetch(this.clientConfig.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: scope('ec2') },
      body: 'Action=DescribeSubnets&Version=2016-11-15',
    });
    const text = await reply.text();
    const subnets = Array.from(text.matchAll(/<subnetId>([^<]+)</g), ([, id = '']) => id);
    return { vpc: /<vpcId>([^<]+)</.exec(text)?.[1] ?? '', subnets };
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
  }
}
