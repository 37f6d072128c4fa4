import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { signals } from '../../signals/index.ts';
import type { CloudAlarm } from '../../signals/cloudwatch/cloud.ts';
import type { Signal } from '../../signals/signal.ts';
import { alarmAdvice, alarmCondition, runbookOf, USERS_ARE_HURT } from '../../signals/alarm-text.ts';
import { shownLimit } from '../../signals/shown.ts';
import { metricFor, type MonitoredSystem } from './metric.ts';
import type { Topics } from './notifications.ts';

export interface ServiceAlarmsProps {
  /** What to watch: `StagingEnvironment.monitored`, or `existingSystem(…)` from ARNs. */
  readonly system: MonitoredSystem;
  /** Where each severity goes. */
  readonly topics: Topics;
  /** Begins every alarm's name: one account may hold several environments. */
  readonly prefix: string;
  /** Address below which `<alarm>.md` can be read, without a slash at its end; default: its path in this repository. */
  readonly runbooks?: string;
}

const MISSING: Readonly<Record<CloudAlarm['missing'], TreatMissingData>> = {
  breaching: TreatMissingData.BREACHING,
  notBreaching: TreatMissingData.NOT_BREACHING,
  ignore: TreatMissingData.IGNORE,
  missing: TreatMissingData.MISSING,
};

/**
 * An alarm for every signal that has one and that the system has metrics for. What users feel (severity `page`) speaks through
 * the composite alarm `users-are-hurt` alone, so one trouble pages once; causes go to the notice topic, each by itself.
 */
export class ServiceAlarms extends Construct {
  /** By the alarm's id, as in `docs/runbooks`. */
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** Ids of all, the composite included: how their names end, after the prefix. */
  readonly ids: readonly string[];
  /** Absent where the system has none of the metrics that users feel. */
  readonly usersAreHurt: CompositeAlarm | undefined;

  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    const alarms = new Map<string, Alarm>();
    const felt: Alarm[] = [];
    for (const signal of signals) {
      const declared = signal.cloud?.alarm;
      const alarm = declared && this.#alarm(signal, declared, props);
      if (declared === undefined || alarm === undefined) continue;
      alarms.set(declared.id, alarm);
      if (declared.severity === 'page') felt.push(alarm);
      else notify(alarm, new SnsAction(props.topics.notice));
    }
    this.alarms = alarms;
    this.usersAreHurt = felt.length === 0 ? undefined : this.#composite(felt, props);
    this.ids = [...alarms.keys(), ...(this.usersAreHurt === undefined ? [] : [USERS_ARE_HURT.id])];
  }

  #alarm(signal: Signal, declared: CloudAlarm, props: ServiceAlarmsProps): Alarm | undefined {
    const metric = metricFor(signal, props.system);
    if (metric === undefined) return undefined;
    return new Alarm(this, declared.id, {
      alarmName: `${props.prefix}-${declared.id}`,
      alarmDescription: alarmText(signal, declared, props.runbooks),
      metric,
      threshold: shownLimit(declared.limit, signal.unit),
      comparisonOperator:
        'above' in declared.limit ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      datapointsToAlarm: declared.forMinutes,
      evaluationPeriods: declared.ofMinutes,
      treatMissingData: MISSING[declared.missing],
    });
  }

  #composite(felt: readonly Alarm[], { prefix, runbooks, topics }: ServiceAlarmsProps): CompositeAlarm {
    const composite = new CompositeAlarm(this, USERS_ARE_HURT.id, {
      compositeAlarmName: `${prefix}-${USERS_ARE_HURT.id}`,
      alarmDescription: compositeText(runbooks),
      alarmRule: AlarmRule.anyOf(...felt.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    });
    notify(composite, new SnsAction(topics.page));
    return composite;
  }
}

/** The end of a trouble is sent too: without it, people on call would not know when to stop looking. */
function notify(alarm: Alarm | CompositeAlarm, action: SnsAction): void {
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}

/** What stands in the alarm's e-mail: when it speaks, what it means, where to look first, and the runbook. CloudWatch takes 1024 characters. */
const alarmText = (signal: Signal, alarm: CloudAlarm, runbooks?: string): string =>
  [alarmCondition(signal, alarm), alarmAdvice(alarm), `Runbook: ${runbookOf(alarm.id, runbooks)}`].join('\n');

const compositeText = (runbooks?: string): string =>
  [alarmAdvice(USERS_ARE_HURT), `Runbook: ${runbookOf(USERS_ARE_HURT.id, runbooks)}`].join('\n');
