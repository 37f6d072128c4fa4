import { PlimsollError } from '../../errors.ts';

/** Where an ARN of Step Functions says that its thing stands. */
export interface ArnPlace {
  readonly partition: string;
  readonly region: string;
}

const ARN = /^arn:(aws[\w-]*):states:([\w-]+):\d{12}:(?:stateMachine|execution):[^\s]+$/;

/** @throws PlimsollError E-USAGE for what is no ARN of a state machine or an execution */
export function arnPlace(arn: string): ArnPlace {
  const [, partition, region] = ARN.exec(arn) ?? [];
  if (partition !== undefined && region !== undefined) return { partition, region };
  const form = 'arn:aws:states:REGION:ACCOUNT:stateMachine:NAME';
  throw new PlimsollError('E-USAGE', `"${arn}" is no ARN of a state machine; write ${form}.`);
}

/** The ARN of an execution of a state machine, by the execution's name. */
export const executionArn = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** Consoles of the partitions that have one of their own (AWS, "Service endpoints" of China and GovCloud). */
const CONSOLES: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Where an execution is seen in the console. */
export function consoleLink(arn: string): string {
  const { partition, region } = arnPlace(arn);
  const host = CONSOLES[partition] ?? `${region}.console.aws.amazon.com`;
  return `https://${host}/states/home?region=${region}#/v2/executions/details/${arn}`;
}
