import { readFileSync } from 'node:fs';
import { type EnvironmentConfiguration, parseConfiguration } from '../../../lib/environment/parse.ts';

export const environments = ['dev', 'staging', 'perf'] as const;
export type EnvironmentName = (typeof environments)[number];

const text = (path: string) => ({ path, text: readFileSync(path, 'utf8') });

/** The configuration as committed. */
export const configurationOf = (name: EnvironmentName): EnvironmentConfiguration =>
  parseConfiguration(text(`config/${name}.yaml`), text(`config/scaling/${name}.yaml`));
