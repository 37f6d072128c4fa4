import { numberFrom, textFrom } from '../environment.ts';
import { TargetFailure } from '../failure.ts';

/** The variable that makes a service, or a downstream service, one of the lab. Only what starts a process can set it. */
const VARIABLE = 'PLIMSOLL_LAB';

/** What a process of the lab is started with. */
export interface LabConfiguration {
  /** The secret of its switches: what has not started the lab cannot use them. */
  readonly token: string;
  /** Memory that faults may hold in all, and what the process reports as its limit. */
  readonly memoryBoundMb: number;
  readonly memoryLimitMb: number;
}

/**
 * The lab's configuration. Faults run on loopback only, never in production, and never with a token that can be guessed.
 * @throws TargetFailure E-TARGET-LAB
 */
export function labConfiguration(): LabConfiguration {
  const token = textFrom(VARIABLE, '');
  if (!/^[\w-]{32,200}$/.test(token)) throw new TargetFailure('E-TARGET-LAB', `${VARIABLE} is no token of the lab`);
  const host = textFrom('HOST', '127.0.0.1');
  if (!/^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/.test(host))
    throw new TargetFailure('E-TARGET-LAB', `HOST is ${host}, not loopback`);
  if (textFrom('NODE_ENV', '') === 'production') throw new TargetFailure('E-TARGET-LAB', 'NODE_ENV is production');
  return {
    token,
    memoryBoundMb: numberFrom('LAB_MEMORY_BOUND_MB', 256, { least: 1, most: 2048 }),
    memoryLimitMb: numberFrom('LAB_MEMORY_LIMIT_MB', 400, { least: 1, most: 8192 }),
  };
}
