import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Standing } from '../run/cloud/ending.ts';
import { asked, causeName, clientDefaults } from './aws.ts';
import { StepFunctionsExecutions } from './step-functions-executions.ts';

/** What Step Functions says of an execution that is not there, or whose name can be nobody's. */
const UNKNOWN = new Set(['ExecutionDoesNotExist', 'InvalidArn']);

export interface ExecutionOrder {
  readonly stateMachineArn: string;
  /** The SDK sends again what got no reply; the same name starts the same execution, and no second one. */
  readonly name: string;
  readonly input: object;
}

/** The workflow as the command line sees it. */
export class StepFunctionsWorkflow extends StepFunctionsExecutions {
  readonly #client: SFNClient;

  constructor(client = new SFNClient(clientDefaults)) {
    super(client);
    this.#client = client;
  }

  /** Returns the execution's ARN. */
  async start({ stateMachineArn, name, input }: ExecutionOrder): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    const { executionArn = '' } = await asked('states:StartExecution', () => this.#client.send(command));
    return executionArn;
  }

  /** Undefined of an execution that nobody knows (any more). */
  async standing(executionArn: string): Promise<Standing | undefined> {
    try {
      const command = new DescribeExecutionCommand({ executionArn });
      const {
        status = '',
        stopDate,
        error,
        cause,
      } = await asked('states:DescribeExecution', () => this.#client.send(command));
      return {
        status,
        ...(stopDate && { endedAtMs: stopDate.getTime() }),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      };
    } catch (thrown) {
      if (UNKNOWN.has(causeName(thrown))) return undefined;
      throw thrown;
    }
  }
}
