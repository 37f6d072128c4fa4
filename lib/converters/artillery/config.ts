import { asRecord, type Draft } from '../../plan/draft.ts';
import type { Remarks } from './remarks.ts';

/** The configuration with that of an environment over it, maps merged. */
export function merged(config: unknown, environment: string | undefined, remarks: Remarks): Draft {
  const environments = asRecord(asRecord(config)['environments']);
  if (environment === undefined) return asRecord(config);
  if (!(environment in environments))
    remarks.noted(['config', 'environments'], `there is no environment ${environment}`);
  return asRecord(overlaid(config, environments[environment]));
}

/** As lodash's merge: maps by key, lists by place. */
function overlaid(under: unknown, over: unknown): unknown {
  if (over === undefined) return under;
  if (Array.isArray(under) && Array.isArray(over))
    return Array.from({ length: Math.max(under.length, over.length) }, (_, i) => overlaid(under[i], over[i]));
  if (typeof under !== 'object' || typeof over !== 'object' || under === null || over === null) return over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, overlaid(asRecord(under)[key], asRecord(over)[key])]));
}

/** Plugins that send nothing, or whose work a plan does. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'expect',
  'ensure',
  'metrics-by-endpoint',
  'publish-metrics',
  'apdex',
  'statsd',
  'cloudwatch',
  'slack',
  'hls-stats',
  'memory-inspector',
  'datadog',
  'influxdb',
  'prometheus',
]);

/** Keys of a configuration that are read. */
const READ: ReadonlySet<string> = new Set(
  'target phases environments payload variables http defaults plugins ensure processor timeout tls mode engine'.split(
    ' ',
  ),
);

/** Settings that say nothing of what is sent. */
const HTTP_READ: ReadonlySet<string> = new Set('timeout pool defaults'.split(' '));

export function knowPlugins(config: Draft, remarks: Remarks): void {
  for (const name of Object.keys(asRecord(config['plugins']))) {
    const path = ['config', 'plugins', name];
    if (name === 'expect' || name === 'ensure') continue;
    if (WITHOUT_EFFECT.has(name)) remarks.noted(path, `the plugin ${name}, which only reports`);
    else remarks.noted(path, `the plugin ${name} isn't run`);
  }
  for (const key of Object.keys(config))
    if (!READ.has(key)) remarks.noted(['config', key], `config.${key} says nothing of what is sent`);
  for (const key of Object.keys(asRecord(config['http'])))
    if (!HTTP_READ.has(key)) remarks.noted(['config', 'http', key], `config.http.${key} says nothing of what is sent`);
  if (asRecord(config['tls'])['client'] !== undefined)
    remarks.leftOut(['config', 'tls', 'client'], 'a certificate of the client');
}
