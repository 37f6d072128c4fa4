import packageJson from '../../package.json' with { type: 'json' };
import type { Plan } from '../../lib/plan/plan.ts';
import { BUILT_IN_TARGET } from '../../lib/plan/schema.ts';
import { isLoopback } from '../../lib/run/safety.ts';
import { foreseeSockets, OTHER_FILES } from '../../lib/run/sockets.ts';
import { counted, formatBytes, formatNumber } from '../../lib/units.ts';
import type { MachineFacts } from './facts.ts';

/** `lacks` forbids the run that was asked about; `note` is worth knowing. */
export interface CheckedLine {
  readonly state: 'ok' | 'note' | 'lacks';
  readonly subject: string;
  readonly says: string;
  /** What to do; of what is well there is nothing. */
  readonly remedy?: string;
}

/** What the machine is wanted for. */
export interface WantedRun {
  /** By default one that loads the built-in service. */
  readonly plan: Plan | undefined;
  readonly cloud: boolean;
}

type Check = (facts: MachineFacts, wanted: WantedRun) => readonly CheckedLine[];

const ok = (subject: string, says: string): CheckedLine[] => [{ state: 'ok', subject, says }];
const note = (subject: string, says: string, remedy: string): CheckedLine[] => [
  { state: 'note', subject, says, remedy },
];
const lacks = (subject: string, says: string, remedy: string): CheckedLine[] => [
  { state: 'lacks', subject, says, remedy },
];

const needsBuiltIn = ({ plan }: WantedRun): boolean => plan === undefined || plan.target === BUILT_IN_TARGET;

const node: Check = (facts) => {
  const needed = packageJson.engines.node.replace(/^>=/, '');
  return isAtLeast(facts.node, needed)
    ? ok('Node', facts.node)
    : lacks(
        'Node',
        `${facts.node}, and ${needed} is the least`,
        'Install a newer one from https://nodejs.org, or run npm ci in a checkout.',
      );
};

function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

/** Two cores, since generator, service and database work at the same time: docs/benchmarks.md shows what that leaves. */
const CORES = 2;

const cores: Check = ({ cores: count, cpuQuota }) => {
  const given = Math.min(count, cpuQuota ?? count);
  const says =
    cpuQuota === undefined
      ? counted(count, 'core')
      : `${formatNumber(given)} of ${counted(count, 'core')}, by a control group`;
  if (given >= CORES) return ok('CPU', says);
  return note(
    'CPU',
    `${says}: generator and service wait for each other`,
    'Load a service on another machine (target: in the plan), or allow two cores.',
  );
};

const MEMORY_BYTES = 2 ** 30;

const memory: Check = ({ memoryBytes }) =>
  memoryBytes >= MEMORY_BYTES
    ? ok('memory', formatBytes(memoryBytes))
    : note(
        'memory',
        `${formatBytes(memoryBytes)}, and the built-in service with its load takes 1 GiB`,
        'Allow more, or load a service on another machine.',
      );

const postgres: Check = ({ platform, hasPostgres, variables }, wanted) => {
  if (variables.has('DATABASE_URL')) return ok('PostgreSQL', 'the one that DATABASE_URL names');
  if (hasPostgres) return ok('PostgreSQL', 'came with the installation');
  const remedy =
    'npm install --include=optional, or set DATABASE_URL to an empty database; a plan of yours with target: URL needs none.';
  const says = `there is none for ${platform}, and the built-in service needs it`;
  return needsBuiltIn(wanted) ? lacks('PostgreSQL', says, remedy) : note('PostgreSQL', says, remedy);
};

const cache: Check = ({ cacheServer, variables }) => {
  if (variables.has('REDIS_URL')) return ok('cache', 'the one that REDIS_URL names');
  if (cacheServer !== undefined) return ok('cache', cacheServer);
  return note(
    'cache',
    'no redis-server or valkey-server: the built-in service takes an embedded one',
    'Install one of them, or set REDIS_URL, where figures of a real cache are wanted.',
  );
};

const sockets: Check = ({ sockets: limits }, { plan }) => {
  const users = Math.max(0, Math.min(limits.files - OTHER_FILES, limits.ports));
  if (plan === undefined)
    return ok(
      'connections',
      Number.isFinite(users)
        ? `open files and ports for ${formatNumber(users)} users`
        : 'their limits are not known here',
    );
  const where =
    plan.target === undefined || plan.target === BUILT_IN_TARGET || isLoopback(new URL(plan.target))
      ? 'loopback'
      : 'elsewhere';
  const shortages = foreseeSockets(plan, limits, where);
  if (shortages.length === 0) return ok('connections', `open files and ports for every phase of ${plan.name}`);
  return shortages.flatMap(({ says, remedy }) => lacks('connections', says, remedy));
};

const folders: Check = ({ unwritable }) =>
  unwritable.flatMap((folder) =>
    note(
      'folders',
      `${folder} can't be written`,
      'Results go below the working folder, or to --out DIR; the built-in service keeps its data in the temporary folder, which TMPDIR names.',
    ),
  );

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];

const proxy: Check = ({ variables }, { plan }) => {
  const set = PROXIES.filter((name) => variables.has(name));
  if (set.length === 0 || plan?.proxy !== undefined) return [];
  return note(
    'proxy',
    `${set.join(', ')} ${set.length === 1 ? 'is' : 'are'} set, and the load goes by no proxy`,
    'Where it has to, say so in the plan: proxy: http://HOST:PORT (docs/plan.md).',
  );
};

/** Where the AWS SDK looks first ("Credential provider chain"). */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

const cloudPackages: Check = ({ missingPackages }, { cloud }) => {
  if (!cloud) return [];
  if (missingPackages.length === 0) return ok('packages', 'CDK and the clients of AWS are installed');
  return lacks(
    'packages',
    `${missingPackages.join(', ')} ${missingPackages.length === 1 ? 'is' : 'are'} not installed`,
    `npm install ${missingPackages.join(' ')}`,
  );
};

const credentials: Check = ({ variables, hasAwsFiles }, { cloud }) => {
  if (!cloud) return [];
  if (hasAwsFiles || CREDENTIALS.some((name) => variables.has(name)))
    return ok('AWS', 'there are credentials; whether they are valid, only AWS can say');
  return lacks('AWS', 'there are no credentials', 'aws configure sso, then aws sso login; or set AWS_PROFILE.');
};

const region: Check = ({ variables, hasAwsFiles }, { cloud }) => {
  if (!cloud || hasAwsFiles || ['AWS_REGION', 'AWS_DEFAULT_REGION'].some((name) => variables.has(name))) return [];
  return note(
    'region',
    'none is set; cloud commands take that of the environment',
    'Set AWS_REGION where another is meant.',
  );
};

/** Everything that is looked at, in the order that it is shown. A new check is a function and its place here. */
const checks: readonly Check[] = [
  node,
  cores,
  memory,
  folders,
  postgres,
  cache,
  sockets,
  proxy,
  cloudPackages,
  credentials,
  region,
];

export const checkMachine = (facts: MachineFacts, wanted: WantedRun): readonly CheckedLine[] =>
  checks.flatMap((check) => check(facts, wanted));
