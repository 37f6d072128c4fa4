import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import { stringify } from 'yaml';
import type { DerivedScaling, ScalingWriter } from './written.ts';

/** A value in YAML's flow style, on one line. */
const flow = (value: unknown): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();

const comment = (text: string | undefined): string => (text === undefined ? '' : `   # ${oneLine(text)}`);

/** A comment ends with its line, whatever a file's name holds. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** The file that the environment's stack reads, each number with its reason beside it. */
export const policyFile: ScalingWriter = {
  fileName: (name) => `${name}.yaml`,
  write: ({ name, policy, reasons, shortfalls }: DerivedScaling) =>
    [
      '# yaml-language-server: $schema=../scaling.schema.json',
      `# How the service scales in ${name}. Written by plimsoll policy.`,
      ...shortfalls.map((text) => `# Short: ${oneLine(text)}`),
      'format: plimsoll.scaling.v1',
      ...linesOf(policy, reasons),
      '',
    ].join('\n'),
};

/** A policy alone, without reasons. */
export const plainPolicy = (policy: ScalingPolicy): string =>
  ['# Written by plimsoll simulate --tune.', 'format: plimsoll.scaling.v1', ...linesOf(policy, {}), ''].join('\n');

function linesOf(policy: ScalingPolicy, reasons: DerivedScaling['reasons']): string[] {
  const { measured, tasks, cpu, memory, requests, cooldown, jump, predictive, schedule } = policy;
  return [
    ...(measured === undefined ? [] : [`measured: ${flow(measured)}${comment(reasons['measured.capacityPerSecond'])}`]),
    'tasks:',
    `  min: ${tasks.min}${comment(reasons['tasks.min'])}`,
    `  max: ${tasks.max}${comment(reasons['tasks.max'])}`,
    'cpu:',
    `  targetRatio: ${cpu.targetRatio}${comment(reasons['cpu.targetRatio'])}`,
    ...(cpu.everySeconds === undefined
      ? []
      : [`  everySeconds: ${cpu.everySeconds}${comment(reasons['cpu.everySeconds'])}`]),
    `memory: ${flow(memory)}${comment(reasons['memory.targetRatio'])}`,
    `requests: ${flow(requests)}${comment(reasons['requests.targetPerMinute'])}`,
    'cooldown:',
    `  outSeconds: ${cooldown.outSeconds}${comment(reasons['cooldown.outSeconds'])}`,
    `  inSeconds: ${cooldown.inSeconds}${comment(reasons['cooldown.inSeconds'])}`,
    ...(jump === undefined
      ? []
      : [`jump:${comment(reasons['jump.steps'])}`, '  steps:', ...jump.steps.map((step) => `    - ${flow(step)}`)]),
    ...(predictive === undefined ? [] : [`predictive: ${flow(predictive)}${comment(reasons['predictive'])}`]),
    ...(schedule.length === 0
      ? [`schedule: []${comment(reasons['schedule'])}`]
      : [`schedule:${comment(reasons['schedule'])}`, ...schedule.map((entry) => `  - ${flow(entry)}`)]),
  ];
}
