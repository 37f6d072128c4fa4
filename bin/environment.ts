import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorTable, PlimsollError } from '../lib/errors.ts';
import { type EnvironmentConfiguration, parseConfiguration } from '../lib/environment/parse.ts';
import { didYouMean } from '../lib/document/suggest.ts';

/** The environments that config/ has a file for; none where there is no such folder. */
export const environmentNames = (): string[] =>
  existsSync('config')
    ? readdirSync('config')
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => file.slice(0, -'.yaml'.length))
    : [];

/** Names of stacks, alarms and dashboards begin with it; CloudFormation takes letters, digits and - in them. */
const NAME = /^[a-z][a-z0-9-]{0,29}$/;

/**
 * The environment that `-c env=…` names.
 * @throws PlimsollError E-CONFIGURATION-MISSING, E-CONFIGURATION-INVALID
 */
export function environmentName(given: unknown): string {
  const known = environmentNames();
  if (typeof given === 'string' && known.includes(given)) return validName(given);
  const what =
    typeof given === 'string'
      ? `config/${given}.yaml does not exist${didYouMean(given, known)}`
      : 'no environment was named';
  const there =
    known.length === 0 ? `no file of an environment lies in ${resolve('config')}` : `there are ${known.join(', ')}`;
  throw new PlimsollError('E-CONFIGURATION-MISSING', `${what}; ${there}`);
}

function validName(name: string): string {
  if (NAME.test(name)) return name;
  const sentence = `config/${name}.yaml is no name for stacks; write small letters, digits and -, 30 at the most`;
  throw new PlimsollError('E-CONFIGURATION-INVALID', sentence);
}

/**
 * Reads config/<name>.yaml and config/scaling/<name>.yaml, from the working directory, as cdk and npm start their programs.
 * @throws PlimsollError E-CONFIGURATION-MISSING, E-CONFIGURATION-INVALID
 */
export function readConfiguration(name: string): EnvironmentConfiguration {
  return parseConfiguration(read(`config/${name}.yaml`), read(`config/scaling/${name}.yaml`));
}

function read(path: string): { path: string; text: string } {
  if (!existsSync(path))
    throw new PlimsollError('E-CONFIGURATION-MISSING', `${path} does not exist; copy that of another environment`);
  return { path, text: readFileSync(path, 'utf8') };
}

/** Says what is wrong and what to do, on stderr; a defect of ours keeps its stack. @returns the exit code */
export function reportConfigurationError(error: unknown): number {
  if (!(error instanceof PlimsollError)) throw error;
  process.stderr.write(
    `${[`${error.code} ${error.message}`, ...error.details, errorTable[error.code].remedy].join('\n')}\n`,
  );
  return error.exitCode;
}
