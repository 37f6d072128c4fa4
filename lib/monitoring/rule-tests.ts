import { stringify } from 'yaml';
import type { CloudAlarm } from '../signals/cloudwatch/cloud.ts';
import { promDuration } from '../signals/prometheus/promql.ts';
import { limitValue, shownFactor } from '../signals/shown.ts';
import { type MonitoringFile, type MonitoringOptions } from './monitoring.ts';
import { type AlertRule, alerts, RULES_FILE, usersAreHurt, type Watched, watched } from './rules.ts';

/** A value on either side of the limit, in the signal's own unit. */
const beyond = ({ limit }: CloudAlarm): number =>
  'below' in limit ? limit.below / 2 : limit.above === 0 ? 1 : limit.above * 1.2;
const within = ({ limit }: CloudAlarm): number => ('below' in limit ? limit.below * 2 : limitValue(limit) / 2);

/** In promtool's notation: so many readings of a value. Rules are evaluated once a reading, four times more rarely than in earnest. */
const readings = (value: number, count: number): string => `${value}x${count - 1}`;

/** When an alarm is looked at, in readings, and its value if it is to be on. */
interface Look {
  readonly atReading: number;
  readonly value?: number;
}

/** How a signal goes in a test, and when its alarm is on. */
interface Course {
  readonly values: string;
  readonly looks: readonly Look[];
}

/** One test of all alarms at once: promtool evaluates all rules in each test, so a test for each alarm would take minutes. */
interface Trial {
  readonly name: string;
  /** Undefined where it says nothing of that alarm. */
  readonly course: (alarm: CloudAlarm) => Course | undefined;
}

const TRIALS: readonly Trial[] = [
  {
    name: 'beyond its limit each alarm fires, and clears when it is within again',
    course: (alarm) => {
      const { ofMinutes } = alarm;
      const [calm, bad, end] = [within(alarm), beyond(alarm), ofMinutes * 2];
      return {
        values: `${readings(calm, ofMinutes)} ${readings(bad, ofMinutes)} ${readings(calm, ofMinutes * 2)}`,
        looks: [{ atReading: ofMinutes - 1 }, { atReading: end - 1, value: bad }, { atReading: end + ofMinutes }],
      };
    },
  },
  {
    name: 'beyond it for one reading too few, it stays silent',
    course: (alarm) => {
      const { forMinutes, ofMinutes } = alarm;
      if (forMinutes === 1) return undefined;
      const calm = within(alarm);
      return {
        values: `${readings(calm, ofMinutes)} ${readings(beyond(alarm), forMinutes - 1)} ${readings(calm, ofMinutes * 2)}`,
        looks: [{ atReading: ofMinutes + forMinutes - 2 }, { atReading: ofMinutes + forMinutes - 1 }],
      };
    },
  },
  {
    name: 'where a healthy system always reports, silence fires',
    course: (alarm) => {
      const { forMinutes, ofMinutes, missing } = alarm;
      const end = { atReading: ofMinutes + forMinutes };
      return {
        values: `${readings(within(alarm), ofMinutes)} stale`,
        looks: [{ atReading: ofMinutes - 1 }, missing === 'breaching' ? { ...end, value: 1 } : end],
      };
    },
  },
];

/** An alarm, its rule, and how its signal goes. */
interface Tried extends Watched, Course {
  readonly rule: AlertRule;
}

const at = (reading: number, { periodSeconds }: MonitoringOptions): string => promDuration(reading * periodSeconds);

/** The alarm, and what stands beside it while it is on. */
const looksAt = ({ rule, signal, looks }: Tried, options: MonitoringOptions) =>
  looks.map(({ atReading, value }) => ({
    eval_time: at(atReading, options),
    alertname: rule.alert,
    exp_alerts: value === undefined ? [] : [onAs(rule, signal.id, String(toShown(value * shownFactor(signal.unit))))],
  }));

/** As the rule's `%.4g` writes it. */
const toShown = (value: number): number => Number(value.toPrecision(4));

const onAs = ({ labels, annotations }: AlertRule, signal: string, shown: string) => ({
  exp_labels: { ...labels, signal },
  exp_annotations: { ...annotations, now: (annotations['now'] ?? '').replace(/\{\{.*\}\}/, shown) },
});

/** What users feel pages, as long as one of it is on. */
function pages(tried: readonly Tried[], options: MonitoringOptions) {
  const { alert, labels, annotations } = usersAreHurt(options);
  const looks = tried.filter(({ rule }) => rule.labels.severity === 'felt').flatMap((each) => each.looks);
  const on = new Set(looks.flatMap(({ atReading, value }) => (value === undefined ? [] : [atReading])));
  return [...new Set(looks.map(({ atReading }) => atReading))].map((atReading) => ({
    eval_time: at(atReading, options),
    alertname: alert,
    exp_alerts: on.has(atReading) ? [{ exp_labels: labels, exp_annotations: annotations }] : [],
  }));
}

function testOf({ name, course }: Trial, options: MonitoringOptions) {
  const rules = new Map(alerts(options).map((rule) => [rule.alert, rule]));
  const tried = watched(options).flatMap((each): Tried[] => {
    const [its, rule] = [course(each.alarm), rules.get(each.alarm.id)];
    return its === undefined || rule === undefined ? [] : [{ ...each, ...its, rule }];
  });
  return {
    name,
    interval: promDuration(options.periodSeconds),
    input_series: tried.map(({ signal, values }) => ({ series: `plimsoll_signal{signal="${signal.id}"}`, values })),
    alert_rule_test: [...tried.flatMap((each) => looksAt(each, options)), ...pages(tried, options)],
  };
}

/** Tests for `promtool test rules`: each alarm fires and clears, as Plimsoll's own readings go over its limit and back. */
export const ruleTests: MonitoringFile = {
  fileName: 'prometheus-rules.test.yaml',
  write: (options) => {
    const suite = {
      rule_files: [RULES_FILE],
      evaluation_interval: promDuration(options.periodSeconds),
      group_eval_order: ['plimsoll-signals', 'plimsoll-alarms', 'plimsoll-users'],
      tests: TRIALS.map((trial) => testOf(trial, options)),
    };
    return `# Written by plimsoll monitoring, for promtool test rules.\n${stringify(suite, { lineWidth: 0, aliasDuplicateObjects: false })}`;
  },
};
