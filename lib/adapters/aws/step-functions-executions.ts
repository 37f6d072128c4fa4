import { DescribeExecutionCommand, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ExecutionStatus } from '../../run/workflow/execution-status.ts';
import { type Executions, STOPPED_BY_US } from '../../run/workflow/ports.ts';
import { callAws, causeName } from './client-defaults.ts';

/**
 * What Step Functions says of an execution that was never there or ended more than 90 days ago, and of one whose name is
 * no ARN.
 */
const UNKNOWN = new Set(['ExecutionDoesNotExist', 'InvalidArn']);

export class StepFunctionsExecutions implements Executions {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async isRunning(executionArn: string): Promise<boolean> {
    return (await this.standing(executionArn))?.status === 'RUNNING';
  }

  async standing(executionArn: string): Promise<ExecutionStatus | undefined> {
    const command = new DescribeExecutionCommand({ executionArn });
    try {
      const found = await callAws('states:DescribeExecution', () => this.#client.send(command));
      const { status = '', stopDate, error, cause } = found;
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

  async stop(executionArn: string, cause: string): Promise<void> {
    const command = new StopExecutionCommand({ executionArn, error: STOPPED_BY_US, cause });
    try {
      await callAws('states:StopExecution', () => this.#client.send(command));
    } catch (thrown) {
      if (!UNKNOWN.has(causeName(thrown))) throw thrown;
    }
  }
}
