import { Duration, TimeZone } from 'aws-cdk-lib';
import { type EventPattern, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import type { Steps } from './workflow.ts';

export interface LoadTestEventsProps extends Pick<LoadTestConfiguration, 'schedule' | 'stopOnAlarms'> {
  readonly prefix: string;
  readonly workflow: IStateMachine;
  readonly aftermath: IStateMachine;
  readonly steps: Pick<Steps, 'abort'>;
  /** For load that could not be ended; its policy lets EventBridge publish. */
  readonly pageTopicArn: string;
  /** Where tasks are that may be left. */
  readonly clusterName: string;
}

/** How an execution ends otherwise than by its own states; of `FAILED` the aftermath finds out whether there is something to do. */
const BROKEN_OFF = ['ABORTED', 'TIMED_OUT', 'FAILED'];

/** So long AWS tries to start a run that is due. */
const LATE_AT_MOST = Duration.minutes(15);

/** What happens around the workflow: its end by force, alarms that stop it, and its timetable. */
export class LoadTestEvents extends Construct {
  constructor(scope: Construct, id: string, props: LoadTestEventsProps) {
    super(scope, id);
    this.#onEnd(props);
    this.#onLastResort(props);
    if (props.stopOnAlarms.length > 0) this.#onAlarm(props);
    for (const entry of props.schedule) this.#atTimes(entry, props.workflow);
  }

  /** Source: AWS Step Functions Developer Guide, "EventBridge events for execution status changes". */
  #onEnd({ workflow, aftermath }: LoadTestEventsProps): void {
    const input = RuleTargetInput.fromObject({
      execution: EventField.fromPath('$.detail.executionArn'),
      status: EventField.fromPath('$.detail.status'),
    });
    const rule = this.#rule('BrokenOff', 'A load test ended otherwise than by its own states', {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [workflow.stateMachineArn], status: BROKEN_OFF },
    });
    rule.addTarget(new SfnStateMachine(aftermath, { input }));
  }

  /** Where even the aftermath fails, load may go on, and only this rule can report it. */
  #onLastResort({ aftermath, pageTopicArn, clusterName }: LoadTestEventsProps): void {
    const rule = this.#rule('Unfinished', 'The aftermath of a load test failed: its tasks may still run', {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [aftermath.stateMachineArn], status: BROKEN_OFF },
    });
    const execution = EventField.fromPath('$.detail.executionArn');
    const message = RuleTargetInput.fromText(
      `${EventField.time}: a load test could not be ended or reported. Stop what runs in the ECS cluster ${clusterName}, then see why: ${execution}`,
    );
    rule.addTarget(new SnsTopic(Topic.fromTopicArn(this, 'Topic', pageTopicArn), { message }));
  }

  #onAlarm({ prefix, stopOnAlarms, steps }: LoadTestEventsProps): void {
    const rule = this.#rule('Alarm', 'An alarm of the system under test ends a load test', {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { alarmName: stopOnAlarms.map((alarm) => `${prefix}-${alarm}`), state: { value: ['ALARM'] } },
    });
    rule.addTarget(new LambdaFunction(steps.abort));
  }

  /** By EventBridge Scheduler, whose schedules have a time zone; rules of EventBridge know UTC alone. */
  #atTimes(entry: LoadTestConfiguration['schedule'][number], workflow: IStateMachine): Schedule {
    const { name, cron, timezone, enabled, ...input } = entry;
    const timeZone = timezone === undefined ? TimeZone.ETC_UTC : TimeZone.of(timezone);
    return new Schedule(this, `Clock-${name}`, {
      description: `Load test ${input.plan}, by the clock`,
      schedule: ScheduleExpression.expression(`cron(${cron})`, timeZone),
      enabled,
      target: new StepFunctionsStartExecution(workflow, {
        input: ScheduleTargetInput.fromObject(input),
        // Load that comes hours late would come when no one expects it.
        maxEventAge: LATE_AT_MOST,
      }),
    });
  }

  #rule(id: string, description: string, eventPattern: EventPattern): Rule {
    return new Rule(this, id, { description, eventPattern });
  }
}
