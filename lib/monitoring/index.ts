import { dashboard } from './grafana/dashboard.ts';
import type { MonitoringFile } from './monitoring.ts';
import { ruleTests } from './rule-tests.ts';
import { rules } from './rules.ts';

/** Every file of a monitoring stack. */
export const monitoringFiles: readonly MonitoringFile[] = [rules, ruleTests, dashboard];
