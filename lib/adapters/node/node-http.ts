import type * as Http from 'node:http';

type NodeHttp = Pick<typeof Http, 'Agent' | 'createServer' | 'get' | 'request'>;

/**
 * Node's own HTTP or HTTPS, when it is first used. An import of `node:http` from an ES module reads each of its exports, and one of them loads
 * Node's undici: 35 ms of CPU and 14 MB in a thread that may ask nothing at all.
 */
export const nodeHttp = (protocol: string): NodeHttp =>
  process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
