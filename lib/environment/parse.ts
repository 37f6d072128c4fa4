import type { ZodType } from 'zod';
import { PlimsollError } from '../errors.ts';
import { problemsOf } from '../document/issues.ts';
import { describeAt, type Position, type Problem } from '../document/problems.ts';
import { readYaml } from '../document/yaml-source.ts';
import { checkEnvironment, checkPolicy } from './checks.ts';
import { type Environment, environmentSchema } from './environment.ts';
import { type ScalingPolicy, scalingPolicySchema } from './scaling-policy.ts';

/** A file's text, and the path that messages name. */
export interface ConfigurationText {
  readonly path: string;
  readonly text: string;
}

/** An environment with the policy by which its service scales. */
export interface EnvironmentConfiguration {
  readonly environment: Environment;
  readonly scaling: ScalingPolicy;
}

interface Read<Value> {
  readonly value: Value | undefined;
  readonly complain: (problems: readonly Problem[]) => readonly string[];
  readonly details: readonly string[];
}

/**
 * Reads and checks an environment and its scaling policy together, since one must hold what the other asks for.
 * @throws PlimsollError E-CONFIGURATION-INVALID with one detail a problem: file, line, field, remedy, and the line itself
 */
export function parseConfiguration(
  environmentText: ConfigurationText,
  scalingText: ConfigurationText,
): EnvironmentConfiguration {
  const environment = read(environmentText, environmentSchema);
  const scaling = read(scalingText, scalingPolicySchema);
  const details = [...environment.details, ...scaling.details];
  if (environment.value !== undefined) {
    const found = checkEnvironment(environment.value, scaling.value);
    details.push(...environment.complain(found.environment), ...scaling.complain(found.scaling));
  }
  if (details.length > 0 || environment.value === undefined || scaling.value === undefined)
    throw invalid(environmentText.path, details);
  return { environment: environment.value, scaling: scaling.value };
}

/**
 * Reads and checks a scaling policy by itself.
 * @throws PlimsollError E-CONFIGURATION-INVALID, with details as above
 */
export function parseScalingPolicy(text: ConfigurationText): ScalingPolicy {
  const { value, details, complain } = read(text, scalingPolicySchema);
  const problems = value === undefined ? details : complain(checkPolicy(value));
  if (value === undefined || problems.length > 0) throw invalid(text.path, problems);
  return value;
}

function invalid(path: string, details: readonly string[]): PlimsollError {
  const count = details.length === 1 ? '1 problem' : `${details.length} problems`;
  return new PlimsollError('E-CONFIGURATION-INVALID', `the configuration ${path} has ${count}`, details);
}

function read<Value>({ path, text }: ConfigurationText, schema: ZodType<Value>): Read<Value> {
  const yaml = readYaml(text);
  const lines = text.split(/\r?\n/);
  const show = (problem: Problem, at: Position): string => describeAt(path, lines[at.line - 1] ?? '', problem, at);
  const complain = (problems: readonly Problem[]): readonly string[] =>
    problems
      .map((problem) => ({ problem, at: yaml.positionOf(problem) }))
      .toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
      .map(({ problem, at }) => show(problem, at));
  const syntax = yaml.problems.map((problem) => show(problem, problem.at));
  if (syntax.length > 0) return { value: undefined, complain, details: syntax };
  const parsed = schema.safeParse(yaml.value);
  return parsed.success
    ? { value: parsed.data, complain, details: [] }
    : { value: undefined, complain, details: complain(problemsOf(parsed.error.issues, { schema, input: yaml.value })) };
}
