import type { CloudSettings } from '../../../../lib/run/workflow/settings.ts';

/** Of an environment with one small worker, where nothing is reset and nobody mitigates; tests say what else they need. */
export const shopSettings: CloudSettings = {
  environment: 'shop',
  alarms: ['a'],
  version: '1',
  target: 'http://shop.internal',
  healthPath: '/health',
  allow: { hosts: [], production: [] },
  workers: 1,
  taskVcpus: 1,
  capacity: 'spot',
  maxHours: 8,
  barrierSeconds: 300,
  versions: [],
  links: '',
  resources: {},
  quantities: {},
};

/** Its service, as CloudWatch names it. */
export const shopService = { service: [{ ClusterName: 'c', ServiceName: 's' }] };

/** Time in which nothing is waited for. */
export const hurried = { nowMs: () => Date.now(), sleep: async (): Promise<void> => undefined };

/** Alarms that did nothing. */
export const quietAlarms = { changesIn: async (): Promise<string> => '{"AlarmHistoryItems":[]}' };
