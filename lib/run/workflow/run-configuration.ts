import { planConfiguration } from '../../report/plan-configuration.ts';
import type { Configuration } from '../../report/report.ts';
import type { StoredRun } from '../archive/run-record.ts';
import type { SettingsOf } from './settings.ts';

/** The configuration that a report shows (R146): what was loaded, with what, by whom. */
export const runConfiguration = ({ facts, plan }: StoredRun, settings: SettingsOf<'report'>): Configuration => [
  ['Environment', facts.environment],
  ['Target', facts.target],
  ['Generator on', `${facts.workers} Fargate tasks of ${settings.taskVcpus} vCPU, ${settings.capacity}`],
  ['Execution', facts.execution],
  ...planConfiguration(plan),
];
