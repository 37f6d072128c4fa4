import { stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { deployedLoadTest } from '../../lib/adapters/aws/deployed-load-test.ts';
import { codeOf, PlimsollError } from '../../lib/errors.ts';
import type { Environment } from '../../lib/environment/environment.ts';
import { arnPlace } from '../../lib/run/workflow/arn.ts';
import type { Store } from '../../lib/run/archive/store.ts';
import { callerPath } from '../paths.ts';
import { environmentName, readConfiguration } from '../environment.ts';

/** Options that every command of the cloud has. */
export interface CloudOptions {
  readonly env?: string;
  readonly bucket?: string;
  readonly stateMachine?: string;
}

/** Where the load tests of an environment are. */
export interface LoadTestLocation {
  readonly store: Store;
  /** A folder on this machine, whose runs Step Functions knows nothing of. */
  readonly isFolder: boolean;
  readonly stateMachine: string | undefined;
  /** Of config/; absent where only a bucket was named. */
  readonly environment: Environment | undefined;
  /** The options that lead here again, to be shown in the next command. */
  readonly again: string;
}

/**
 * Finds the store and the workflow: as the options say, else as they were deployed.
 * @throws PlimsollError E-CONFIGURATION-…, E-CLOUD-MISSING, E-USAGE, E-STORE, E-AWS-…
 */
export async function locateLoadTest(options: CloudOptions): Promise<LoadTestLocation> {
  const { env, bucket } = options;
  const named = env === undefined && bucket !== undefined ? undefined : environmentNamed(env);
  const region = options.stateMachine === undefined ? named?.environment.region : arnPlace(options.stateMachine).region;
  // Every client takes the region where the environment stands, whatever the shell's is.
  if (region !== undefined) process.env['AWS_REGION'] = region;
  const { address, stateMachine } = await located(options, named?.name);
  const isFolder = address.startsWith('file:');
  if (isFolder) await refuseMissing(address);
  const environment = named?.environment;
  return { store: storeAt(address), isFolder, stateMachine, environment, again: againOf(options) };
}

/** A folder store makes its folder; here one that is not there is a slip of the pen. */
async function refuseMissing(address: string): Promise<void> {
  const isThere = await stat(fileURLToPath(address)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) throw new PlimsollError('E-STORE', `There is no folder ${fileURLToPath(address)}.`);
}

function environmentNamed(env: string | undefined): { name: string; environment: Environment } {
  try {
    const name = environmentName(env);
    const { environment } = readConfiguration(name);
    if (environment.loadTest !== undefined) return { name, environment };
    throw new PlimsollError('E-CLOUD-MISSING', `config/${name}.yaml has no loadTest, so no load test was deployed.`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new PlimsollError('E-CONFIGURATION-MISSING', 'there is no folder config here to look environments up in');
  }
}

interface Located {
  readonly address: string;
  readonly stateMachine: string | undefined;
}

async function located({ bucket, stateMachine }: CloudOptions, name: string | undefined): Promise<Located> {
  const address = bucket === undefined ? undefined : addressOf(bucket);
  const isWhole = stateMachine !== undefined || address?.startsWith('file:') === true || name === undefined;
  if (address !== undefined && isWhole) return { address, stateMachine };
  const deployed = await deployedLoadTest(`plimsoll-${name}-load-test`);
  if (deployed === undefined) {
    throw new PlimsollError(
      'E-CLOUD-MISSING',
      `plimsoll-${name}-load-test is not deployed in this account and region.`,
    );
  }
  return { address: address ?? deployed.store, stateMachine: stateMachine ?? deployed.stateMachine };
}

/** A bucket's name, or the address of any store. */
function addressOf(bucket: string): string {
  if (/^\w+:\/\//.test(bucket)) return bucket;
  if (!/[/\\:~]|^\./.test(bucket)) return `s3://${bucket}`;
  const folder = pathToFileURL(callerPath(bucket)).href;
  throw new PlimsollError('E-STORE', `"${bucket}" is no name of a bucket; a folder is written as ${folder}.`);
}

/** As a shell takes it in one word. */
const quoted = (value: string): string =>
  /^[\w:/.@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;

function againOf({ env, bucket, stateMachine }: CloudOptions): string {
  const given = { '--env': env, '--bucket': bucket, '--state-machine': stateMachine };
  return Object.entries(given)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${quoted(value)}`]))
    .join(' ');
}
