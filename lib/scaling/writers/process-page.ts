import { prices } from '../../environment/cost/prices.ts';
import { counted, formatNumber, formatRatio, formatUs } from '../../units.ts';
import type { JumpCourse, Outlook } from '../policy/outlook.ts';
import type { DerivedScaling, ScalingWriter } from './written.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

const usd = (value: number | undefined, digits = 2): string =>
  value === undefined ? 'no price known' : `$${value.toFixed(digits)}`;

/** The scaling process in words: thresholds and why, what happens at a jump, who hears of it, how to go back, and what it costs. */
export const processPage: ScalingWriter = {
  fileName: () => 'scaling-process.md',
  write: (derived) =>
    [
      `# How the service scales in ${derived.name}`,
      '',
      ...measuredLines(derived),
      ...derived.shortfalls.map((text) => `**Short:** ${text}\n`),
      '## Thresholds, and why',
      '',
      ...table(
        ['threshold', 'value', 'why'],
        thresholdsOf(derived).map(([field, value]) => [field, value, derived.reasons[field] ?? '']),
      ),
      '',
      '## What ends scaling out',
      '',
      ...limitLines(derived),
      '',
      '## Minute by minute',
      '',
      'Simulated with the measured service, from a load that holds the fewest tasks at their target, without entries of the schedule.',
      '',
      ...derived.jumps.flatMap((jump) => jumpLines(jump, derived)),
      ...spotLines(derived),
      ...NOTIFIED,
      ...rollBackLines(derived),
      ...costLines(derived),
      ...changeLines(derived),
    ].join('\n'),
};

function measuredLines({ measured, model }: DerivedScaling): string[] {
  const { run, tasks, perSecond, lowPerSecond, highPerSecond, objective, startUpSeconds, startUpMeasured } = measured;
  return [
    `Measured by run ${run} with ${tasks} ${tasks === 1 ? 'task' : 'tasks'}: one task carries ${formatNumber(perSecond)} requests/s ` +
      `(${formatNumber(lowPerSecond)} to ${formatNumber(highPerSecond)}), then ${objective ?? 'an objective'} breaks. ` +
      `It answers ${startUpSeconds} s after the decision${startUpMeasured ? '' : ' (assumed)'}.`,
    '',
    ...model.assumed.map((text) => `- Assumed: ${text}`),
    ...(model.assumed.length > 0 ? [''] : []),
  ];
}

function thresholdsOf({ policy }: DerivedScaling): [string, string][] {
  const { tasks, cpu, memory, requests, cooldown, jump, schedule, predictive, measured } = policy;
  return [
    ['requests.targetPerMinute', `${requests.targetPerMinute} a task`],
    ['cpu.targetRatio', formatRatio(cpu.targetRatio)],
    ['cpu.everySeconds', `${cpu.everySeconds ?? 60} s`],
    ['memory.targetRatio', formatRatio(memory.targetRatio)],
    ['tasks.min', String(tasks.min)],
    ['tasks.max', String(tasks.max)],
    ['cooldown.outSeconds', `${cooldown.outSeconds} s`],
    ['cooldown.inSeconds', `${cooldown.inSeconds} s`],
    [
      'jump.steps',
      (jump?.steps ?? [])
        .map(({ cpuRatio, addShare }) => `from ${formatRatio(cpuRatio)} CPU + ${formatRatio(addShare)}`)
        .join(', ') || 'none',
    ],
    ['schedule', schedule.map(({ cron, timezone, min }) => `${cron} ${timezone}: ${min}`).join('; ') || 'none'],
    ['predictive', predictive?.mode ?? 'off'],
    ['measured.capacityPerSecond', `${formatNumber(measured?.capacityPerSecond ?? Number.NaN)}/s`],
  ];
}

const limitLines = ({ limits, policy }: DerivedScaling): string[] =>
  limits.length === 0
    ? [
        `Nothing but tasks.max, ${policy.tasks.max}: no environment with a database of its own was given, or its proxy shares connections.`,
      ]
    : table(
        ['limit', 'tasks at the most', 'arithmetic', 'to raise it'],
        limits.map(({ resource, mostTasks, because, remedy }) => [resource, String(mostTasks), because, remedy]),
      );

const FACTOR: Readonly<Record<number, string>> = { 1.25: '+25 %', 2: '2×', 10: '10×' };

function jumpLines(
  { factor, perSecond, minutes, violatedMinutes, lostRatio, atMaximum }: JumpCourse,
  { model }: DerivedScaling,
): string[] {
  const settled = minutes.findLastIndex(
    ({ desired, running }, at) =>
      at > 0 && (desired !== minutes[at - 1]?.desired || running !== minutes[at - 1]?.running),
  );
  const shown = minutes.slice(0, Math.max(3, settled + 3));
  const sentence =
    violatedMinutes === 0
      ? 'The objective holds throughout.'
      : `The objective (${formatUs(model.limitUs)}) is missed in ${counted(violatedMinutes, 'minute')}, and ${formatRatio(lostRatio)} of the requests are lost.`;
  return [
    `### ${FACTOR[factor] ?? `${factor}×`}: ${formatNumber(perSecond)} requests/s`,
    '',
    `${sentence}${atMaximum ? ' The maximum is reached: alarm tasks-at-maximum.' : ''}`,
    '',
    ...table(
      ['minute', 'tasks wanted', 'running', 'CPU', 'response time'],
      shown.map(({ minute, desired, running, cpuRatio, responseUs: us }) => [
        String(minute + 1),
        String(desired),
        String(running),
        formatRatio(cpuRatio),
        `${formatUs(us)}${us > model.limitUs ? ' (missed)' : ''}`,
      ]),
    ),
    '',
  ];
}

const NOTICE_SECONDS = 120;

function spotLines({ environment, measured, policy }: DerivedScaling): string[] {
  const capacity = environment?.staging?.service.capacity;
  if (capacity === undefined) return [];
  const { onDemandBase, spotShare } = 'ec2' in capacity ? capacity.ec2 : capacity.fargate;
  const unit = 'ec2' in capacity ? 'machines' : 'tasks';
  const advice =
    measured.startUpSeconds <= NOTICE_SECONDS
      ? `A replacement answers within the ${NOTICE_SECONDS} s of a Spot notice, so everything above the base may run on Spot.`
      : `A task needs ${measured.startUpSeconds} s and a Spot notice gives ${NOTICE_SECONDS} s: the headroom must carry what is lost meanwhile, so at most a fifth should run on Spot.`;
  return [
    '## Spot and on demand',
    '',
    `In config: ${onDemandBase} ${unit} always on demand, ${formatRatio(spotShare)} of the rest on Spot. ${advice} ` +
      `The base should carry the ${policy.tasks.min} tasks of the quietest hour: Spot running dry then never takes the service away.`,
    '',
  ];
}

const NOTIFIED = [
  '## Who is notified',
  '',
  '| what | alarm | to |',
  '| --- | --- | --- |',
  '| 80 % of the measured capacity in use for 5 minutes | tps-near-capacity | notice |',
  '| every allowed task runs | tasks-at-maximum | notice |',
  '| fewer tasks run than are wanted | tasks-short | notice |',
  '| Spot takes capacity back | spot-interruptions | notice |',
  '| users feel it: errors, slowness, no healthy target | users-are-hurt | page |',
  '| a scale-out or scale-in begins | scaling notices | notice |',
  '',
  'The addresses are `notifications.page` and `notifications.notice` of the environment; each alarm has its page in docs/runbooks.',
  '',
];

const rollBackLines = ({ name }: DerivedScaling): string[] => [
  '## How to go back',
  '',
  '```sh',
  `git checkout HEAD~1 -- config/scaling/${name}.yaml   # the policy before`,
  `npx cdk deploy --all -c env=${name}`,
  '```',
  '',
  'No task is replaced by that: only bounds and thresholds change. Until it is done the number of tasks can be set by hand (docs/runbooks/tasks-at-maximum.md).',
  '',
];

function costLines({ outlook }: DerivedScaling): string[] {
  const head = ['## Cost', ''];
  if (outlook === undefined)
    return [
      ...head,
      'Unknown without traffic: give `--traffic hours.csv`, and cost a month and a million requests stand here against the policy in force.',
      '',
    ];
  const { before, after } = outlook;
  const held = before.violatedMinutesPerMonth - after.violatedMinutesPerMonth;
  const saved =
    before.usdPerMonth !== undefined && after.usdPerMonth !== undefined
      ? before.usdPerMonth - after.usdPerMonth
      : undefined;
  const line = (name: string, of: (each: Outlook) => string): string[] => [name, of(before), of(after)];
  return [
    ...head,
    ...table(
      ['', 'in force', 'this policy'],
      [
        line('compute a month', ({ usdPerMonth }) => usd(usdPerMonth)),
        line('a million requests', ({ usdPerMillion }) => usd(usdPerMillion, 4)),
        line('task hours a month', ({ taskHoursPerMonth }) => formatNumber(taskHoursPerMonth)),
        line('of them over-provisioned', (each) => formatNumber(each.overProvisionedTaskHoursPerMonth)),
        line('minutes beyond the objectives a month', (each) => formatNumber(each.violatedMinutesPerMonth)),
      ],
    ),
    '',
    ...(saved === undefined
      ? []
      : [
          `Against the policy in force: ${usd(Math.abs(saved))} a month ${saved >= 0 ? 'saved' : 'more'}, and ` +
            `${formatNumber(Math.abs(held))} minutes beyond the objectives ${held >= 0 ? 'fewer' : 'more'}.`,
        ]),
    `Simulated over the traffic given; tasks or machines alone, Spot as on demand. Prices of ${prices.region}, ${prices.asOf}: ${prices.source}.`,
    '',
  ];
}

const changeLines = ({ changes }: DerivedScaling): string[] => [
  '## Against the policy in force',
  '',
  ...(changes.length === 0
    ? ['Nothing differs.']
    : table(
        ['field', 'in force', 'now', 'why'],
        changes.map(({ field, before, after, reason }) => [field, before, after, reason]),
      )),
  '',
];
