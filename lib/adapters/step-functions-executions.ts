import { DescribeExecutionCommand, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Executions } from '../run/cloud/ports.ts';
import { asked, causeName } from './aws.ts';

/** What Step Functions says of an execution that was never there, or ended more than 90 days ago. */
const UNKNOWN = 'ExecutionDoesNotExist';

export class StepFunctionsExecutions implements Executions {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async isRunning(executionArn: string): Promise<boolean> {
    try {
      const command = new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' });
      const { status } = await asked('states:DescribeExecution', () => this.#client.send(command));
      return status === 'RUNNING';
    } catch (error) {
      if (causeName(error) === UNKNOWN) return false;
      throw error;
    }
  }

  async stop(executionArn: string, cause: string): Promise<void> {
    const command = new StopExecutionCommand({ executionArn, error: 'Plimsoll.Stopped', cause });
    try {
      await asked('states:StopExecution', () => this.#client.send(command));
    } catch (error) {
      if (causeName(error) !== UNKNOWN) throw error;
    }
  }
}
