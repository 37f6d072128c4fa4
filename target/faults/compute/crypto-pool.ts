import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { hashPassword } from '../../service/passwords.ts';
import { type Fault, integer, valueOf } from '../fault.ts';

export const cryptoPool: Fault = {
  name: 'crypto-pool',
  title: 'Password hashing fills the four threads of the pool',
  bottleneck: 'service.workers',
  parameters: { hashes: integer(3, 1, 10) },
  disturbs: ['GET /api/jobs'],
  work: async (_bench, values) => {
    await Promise.all(Array.from({ length: valueOf(values, 'hashes') }, () => hashPassword('plimsoll-line-1876')));
    return {};
  },
};

export const keyStretching: Fault = {
  name: 'key-stretching',
  title: 'Keys are derived in the pool of threads, which no metric counts',
  bottleneck: 'service.workers',
  // The pool's threads compute, so the process's CPU is exhausted by the same work; nothing but CPU shows it from outside.
  alsoRight: ['service.cpu'],
  parameters: { iterations: integer(200_000, 1_000, 2_000_000) },
  disturbs: ['GET /api/jobs'],
  work: async (_bench, values) => {
    const key = await promisify(pbkdf2)('plimsoll', 'salt', valueOf(values, 'iterations'), 32, 'sha256');
    return { bytes: key.length };
  },
};
