import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { installedProgram, Moto, motoProgram } from '../../lib/adapters/aws/moto.ts';

/** The CLI of PyPI, whose models refuse an unknown command, option or shape of a parameter before anything is sent. */
const CLI_VERSION = '1.46.3';

/** What the tests of pages need: undefined where one of it can't be had. */
export function programs(): { readonly cli: string; readonly moto: string } | undefined {
  const program = {
    name: 'awscli',
    version: CLI_VERSION,
    requirement: 'awscli',
    file: 'aws',
    asks: '--version',
  } as const;
  const [cli, moto] = [installedProgram(program), motoProgram()];
  return cli === undefined || moto === undefined ? undefined : { cli, moto };
}

/** What AWS answers, by operation, as its API Reference has it. */
export type Replies = Readonly<Record<string, string>>;

const TASK = 'arn:aws:ecs:us-east-1:123456789012:task/cluster/1';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:secret-AbCdEf';

/** What moto lacks. */
export const RECORDED = {
  GetServiceQuota: JSON.stringify({ Quota: { ServiceCode: 'ec2', QuotaCode: 'L-1216C47A', Value: 5 } }),
  RotateSecret: JSON.stringify({ ARN: SECRET, Name: 'secret', VersionId: '9f0a5b1c-0000-4000-8000-000000000001' }),
  StartInstanceRefresh: `<StartInstanceRefreshResponse><StartInstanceRefreshResult><InstanceRefreshId>1</InstanceRefreshId>
    </StartInstanceRefreshResult></StartInstanceRefreshResponse>`,
  DescribeInstanceRefreshes: `<DescribeInstanceRefreshesResponse><DescribeInstanceRefreshesResult><InstanceRefreshes/>
    </DescribeInstanceRefreshesResult></DescribeInstanceRefreshesResponse>`,
  DescribeDBEngineVersions: `<DescribeDBEngineVersionsResponse><DescribeDBEngineVersionsResult><DBEngineVersions>
    <DBEngineVersion><Engine>postgres</Engine><EngineVersion>17.9</EngineVersion></DBEngineVersion></DBEngineVersions>
    </DescribeDBEngineVersionsResult></DescribeDBEngineVersionsResponse>`,
  DescribeCacheEngineVersions: `<DescribeCacheEngineVersionsResponse><DescribeCacheEngineVersionsResult>
    <CacheEngineVersions/></DescribeCacheEngineVersionsResult></DescribeCacheEngineVersionsResponse>`,
  PutAccountSettingDefault: JSON.stringify({ setting: { name: 'awsvpcTrunking', value: 'enabled' } }),
  DescribeScalingActivities: `<DescribeScalingActivitiesResponse><DescribeScalingActivitiesResult><Activities/>
    </DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`,
  DescribeServices: JSON.stringify({
    services: [
      { serviceName: 'service', capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 100 }] },
    ],
  }),
  RunTask: JSON.stringify({ tasks: [{ taskArn: TASK, lastStatus: 'PROVISIONING' }], failures: [] }),
  DescribeTasks: taskThatEnded(0, 'Essential container in task exited'),
} satisfies Replies;

/** A task of the service that is over. */
export function taskThatEnded(exitCode: number, stoppedReason: string): string {
  const containers = [{ name: 'service', exitCode }];
  return JSON.stringify({ tasks: [{ taskArn: TASK, lastStatus: 'STOPPED', stoppedReason, containers }] });
}

/** Where nothing could be started ECS says so in a reply that is no error. */
export const NOT_STARTED = JSON.stringify({ tasks: [], failures: [{ arn: 'arn:1', reason: 'RESOURCE:MEMORY' }] });

/** Version 1 of the CLI has an address of its own for RDS, which goes before the variable. */
const OWN_ADDRESS = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An account of AWS on loopback: moto, and recorded replies where it lacks something. */
export class Account implements AsyncDisposable {
  readonly #moto: Moto;
  readonly #cli: string;
  readonly #server: Server;
  /** May be changed between commands. */
  replies: Replies = RECORDED;

  private constructor(moto: Moto, cli: string) {
    this.#moto = moto;
    this.#cli = cli;
    this.#server = createServer((asked, reply) => {
      this.#answer(asked, reply).catch(() => reply.destroy());
    });
  }

  static async open({ cli, moto }: { readonly cli: string; readonly moto: string }): Promise<Account> {
    const account = new Account(await Moto.start(moto), cli);
    await once(account.#server.listen(0, '127.0.0.1'), 'listening');
    return account;
  }

  /** Executes a script as the shell of a person would who says yes to every question; but it ends at a variable that nothing has set. */
  async shell(script: string, variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const child = spawn('bash', ['--norc', '-u', '-c', `${OWN_ADDRESS}\n${script}`], {
      env: { ...this.#environment, ...variables },
    });
    child.stdin.end('yes\n'.repeat(10));
    const closed = once(child, 'close') as Promise<[number | null]>;
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code, out, err };
  }

  get #environment(): Record<string, string> {
    const endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      ...this.#moto.environment,
      PATH: [dirname(this.#cli), process.env['PATH'] ?? ''].join(delimiter),
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
  }

  async #answer(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const body = await buffer(asked);
    const recorded = this.replies[operationOf(asked, body)];
    if (recorded !== undefined) return void reply.end(recorded);
    const { method, url: path, headers } = asked;
    const { hostname, port } = new URL(this.#moto.clientConfig.endpoint);
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(reply);
    });
    forwarded.on('error', () => reply.destroy()).end(body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#moto.stop();
  }
}

/** JSON names the operation in a header, the query protocol in its form. */
function operationOf({ headers }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  return new URLSearchParams(body.toString()).get('Action') ?? '';
}
