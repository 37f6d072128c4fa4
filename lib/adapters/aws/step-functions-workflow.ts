import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { callAws, clientDefaults } from './client-defaults.ts';
import { StepFunctionsExecutions } from './step-functions-executions.ts';

export interface ExecutionRequest {
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
  async start({ stateMachineArn, name, input }: ExecutionRequest): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    const { executionArn = '' } = await callAws('states:StartExecution', () => this.#client.send(command));
    return executionArn;
  }
}
