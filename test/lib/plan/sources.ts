import { generateKeyPairSync } from 'node:crypto';
import { selfSigned } from '../../system/honesty/certificates.ts';
import { PlimsollError } from '../../../lib/errors.ts';
import { parsePlan, type PlanSources } from '../../../lib/plan/parse.ts';
import type { Plan } from '../../../lib/plan/plan.ts';

const files: Readonly<Record<string, string>> = {
  '/plans/users.csv': 'email,city\nann@example.test,Leeds\nben@example.test,"York, North"\n',
  '/plans/header-only.csv': 'email\n',
  '/plans/empty.csv': '',
  '/plans/ragged.csv': 'email,city\nann@example.test\n',
  '/plans/bad-columns.csv': 'e mail,city,city\n1,2,3\n',
  '/plans/ca.pem': '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n',
  '/plans/client.pem': selfSigned({ host: 'client.test', fromDays: -1, untilDays: 1 }).cert,
  '/plans/semicolons.csv': '\uFEFFa;b\n1,5;2\n',
  '/plans/tabs.csv': '\na\tb\n1\t2\n',
  '/plans/no-ca.pem': 'nothing here\n',
  '/plans/order.json': '{"id": "{{ id }}", "user": "{{ users.email }}"}',
};

const CLIENT_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A few files, the signals that the profiles name, and one environment variable. */
export const sources: PlanSources = {
  async readBytes(path) {
    if (path === '/plans/large.bin') return Buffer.alloc(17 * 2 ** 20);
    if (path === '/plans/photo.png') return Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]);
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return new TextEncoder().encode(text);
  },
  signalIds: ['service.cpu', 'service.memory', 'database.connections', 'cache.hit-ratio'],
  env: { TOKEN: 'secret', EMPTY: '', CLIENT_KEY },
};

export const parseText = (text: string): Promise<Plan> => parsePlan({ text, path: '/plans/x.yaml' }, sources);

/** What is wrong with a text, or nothing. */
export async function refusalOf(text: string): Promise<{ code: string; message: string; details: readonly string[] }> {
  try {
    await parseText(text);
    return { code: '', message: '', details: [] };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { code: error.code, message: error.message, details: error.details };
  }
}

/** The code, and of each problem its first line without the path of the plan. */
export async function headsOf(text: string): Promise<readonly string[]> {
  const { code, details } = await refusalOf(text);
  return [code, ...details.map((detail) => detail.split('\n')[0]?.replace('/plans/x.yaml:', '') ?? '')];
}

interface Parts {
  readonly top?: string;
  readonly step?: string;
  readonly phase?: string;
}

/** A plan of eight lines, sound but for what a test puts in: line 2 of the plan, line 6 a step, line 8 a phase. */
export const planOf = ({ top, step, phase }: Parts): string => `name: x
${top ?? 'seed: 1'}
scenarios:
- name: a
  steps:
  - ${step ?? '{ get: / }'}
phases:
- ${phase ?? '{ name: p, kind: stress, duration: 1s, open: { rate: 1 } }'}
`;
