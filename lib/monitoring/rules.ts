import { stringify } from 'yaml';
import { alarmAdvice, alarmCondition, runbookOf, USERS_ARE_HURT } from '../signals/alarm-text.ts';
import type { CloudAlarm } from '../signals/cloudwatch/cloud.ts';
import { expressionOf } from '../signals/prometheus/expression.ts';
import { promDuration } from '../signals/prometheus/promql.ts';
import { limitValue, shownFactor, shownUnit } from '../signals/shown.ts';
import type { Signal } from '../signals/signal.ts';
import {
  intervalOf,
  type MonitoringFile,
  type MonitoringOptions,
  RECORDED,
  recordedSeries,
  scopeOf,
  wordForReadings,
} from './monitoring.ts';

/** As Prometheus reads it. Source: Prometheus documentation, "Defining recording rules" and "Alerting rules". */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

/** A signal that is watched: it has an alarm, and Prometheus may know it. */
export interface Watched {
  readonly signal: Signal;
  readonly alarm: CloudAlarm;
}

/** Those of the signals that have an alarm and an expression; what needs a quantity that is not given is left out, as in CloudWatch. */
export const watched = (options: MonitoringOptions): Watched[] =>
  options.signals.flatMap((signal) => {
    const alarm = signal.cloud?.alarm;
    return alarm === undefined || expressionOf(signal, scopeOf(options)) === undefined ? [] : [{ signal, alarm }];
  });

/** Every signal under one name, be it read by Prometheus from what it scrapes, or by Plimsoll while it runs. */
const recorded = (options: MonitoringOptions) => [
  ...options.signals.flatMap((signal) => {
    const expr = expressionOf(signal, scopeOf(options));
    return expr === undefined ? [] : [{ record: RECORDED, labels: { signal: signal.id }, expr }];
  }),
  { record: RECORDED, expr: 'plimsoll_signal' },
  { record: EVALUATED, expr: 'vector(1)' },
];

/** One sample each time that the rules are evaluated: while Prometheus was away, silence was its own. */
const EVALUATED = 'plimsoll:evaluated';

/** A healthy system always reports some signals: one that did so within this many readings and is silent now is in trouble. */
const REMEMBERED = 60;

/**
 * The alarm in PromQL, as CloudWatch evaluates it: so many of the last readings are beyond the limit. Its value is the latest
 * reading in the unit that people are shown.
 */
function condition({ signal, alarm }: Watched, { periodSeconds }: MonitoringOptions): string {
  const { limit, forMinutes, ofMinutes, missing } = alarm;
  const series = recordedSeries(signal);
  const [reading, span] = [promDuration(periodSeconds), promDuration(periodSeconds * ofMinutes)];
  const beyond = `${series} ${'above' in limit ? '>' : '<'} bool ${limitValue(limit)}`;
  const factor = shownFactor(signal.unit);
  return [
    `${factor === 1 ? '' : `${factor} * `}last_over_time(${series}[${span}])`,
    `and sum_over_time((${beyond})[${span}:${reading}]) >= ${forMinutes}`,
    ...(missing === 'breaching'
      ? [
          `or present_over_time(${series}[${promDuration(periodSeconds * REMEMBERED)}])`,
          `unless present_over_time(${series}[${promDuration(periodSeconds * forMinutes)}])`,
          `and on () count_over_time(${EVALUATED}[${promDuration(periodSeconds * forMinutes)}]) >= ${forMinutes}`,
        ]
      : []),
  ].join('\n');
}

function alert(each: Watched, options: MonitoringOptions): AlertRule {
  const { signal, alarm } = each;
  return {
    alert: alarm.id,
    expr: condition(each, options),
    // What users feel speaks through the one alarm above it, so that one trouble pages once.
    labels: { severity: alarm.severity === 'page' ? 'felt' : alarm.severity },
    annotations: {
      summary: alarmCondition(signal, alarm, wordForReadings(options)),
      now: `{{ printf "%.4g" $value }} ${shownUnit(signal.unit)}`.trim(),
      description: alarmAdvice(alarm),
      runbook_url: runbookOf(alarm.id, options.runbooks),
    },
  };
}

export const alerts = (options: MonitoringOptions): AlertRule[] => watched(options).map((each) => alert(each, options));

/** The one that pages. */
export const usersAreHurt = ({ runbooks }: MonitoringOptions): AlertRule => ({
  alert: USERS_ARE_HURT.id,
  expr: 'count by (job, namespace) (ALERTS{alertstate="firing", severity="felt"})',
  labels: { severity: 'page' },
  annotations: {
    summary: USERS_ARE_HURT.meaning,
    description: alarmAdvice(USERS_ARE_HURT),
    runbook_url: runbookOf(USERS_ARE_HURT.id, runbooks),
  },
});

export const RULES_FILE = 'prometheus-rules.yaml';

/** Recording and alerting rules, with the limits, readings and runbooks of CloudWatch's alarms. */
export const rules: MonitoringFile = {
  fileName: RULES_FILE,
  write: (options) => {
    const interval = intervalOf(options);
    const groups = [
      { name: 'plimsoll-signals', interval, rules: recorded(options) },
      { name: 'plimsoll-alarms', interval, rules: alerts(options) },
      { name: 'plimsoll-users', interval, rules: [usersAreHurt(options)] },
    ];
    return `# Written by plimsoll monitoring from the signals and alarms of Plimsoll: write it again rather than edit it.\n${stringify({ groups }, { lineWidth: 0 })}`;
  },
};
