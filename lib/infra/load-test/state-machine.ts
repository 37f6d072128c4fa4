import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IFunction, Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, type IChainable, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type ICommandHooks,
  LogLevel as BundlerLogLevel,
  NodejsFunction,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { acknowledge, acknowledgeResource } from '../acknowledge.ts';
import type { StepName } from '../../run/workflow/settings.ts';

export interface StateMachineProps {
  readonly name?: string;
  /** What it does, and what it is started with. */
  readonly comment: string;
  readonly definition: IChainable;
  /** Whatever happens, an execution ends after this. */
  readonly timeout: Duration;
  readonly retention: RetentionDays;
  /** What its states call. */
  readonly functions: readonly IFunction[];
}

/** A state machine whose every event is logged and traced. Inputs hold names and no secret, so they are logged too. */
export function stateMachine(scope: Construct, id: string, props: StateMachineProps): StateMachine {
  const { name, comment, definition, timeout, retention, functions } = props;
  const destination = new LogGroup(scope, `${id}Log`, {
    // Others would each take room in the one resource policy of the account (CloudWatch Logs, "Logs sent to CloudWatch Logs").
    logGroupName: `/aws/vendedlogs/states/${Stack.of(scope).stackName}-${id}`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const machine = new StateMachine(scope, id, {
    ...(name !== undefined && { stateMachineName: name }),
    definitionBody: DefinitionBody.fromChainable(definition),
    comment,
    timeout,
    tracingEnabled: true,
    logs: { destination, level: LogLevel.ALL, includeExecutionData: true },
  });
  acknowledge(machine.role, {
    'AwsSolutions-IAM5[Resource::*]': 'Actions that know no resource, each with its reason in docs/security.md.',
  });
  for (const { functionArn } of functions)
    acknowledgeResource(machine.role, `${functionArn}:*`, 'Any version of the functions of its own steps.');
  return machine;
}

export interface StepFunctionProps {
  /** The folder in lambda/ whose handler it runs. */
  readonly step: StepName;
  readonly timeout: Duration;
  readonly memoryMiB: number;
  readonly retention: RetentionDays;
  readonly variables: Readonly<Record<string, string>>;
  /** All that it may do, beside writing its log. */
  readonly rights: readonly PolicyStatement[];
  /** Only where it must reach the target itself. */
  readonly inside?: {
    readonly vpc: IVpc;
    readonly subnets: SubnetSelection;
    readonly groups: readonly ISecurityGroup[];
  };
}

const { resolve } = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Packages written for CommonJS ask for Node's own modules by `require`, which a bundle of modules lacks. */
const BANNER = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/** report.html is put together from files; they lie beside the bundle. See lib/adapters/node/report-assets.ts. */
const PAGE_FILES = ['uplot/dist/uPlot.iife.min.js', 'uplot/dist/uPlot.min.css'];
const PAGE_FOLDER = 'lib/report/formats/html';

const pageBeside: ICommandHooks = {
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (input, output) => [
    `mkdir -p ${output}/page`,
    // Where the package is installed, npm has put the others beside it, or above.
    `cp ${PAGE_FILES.map((file) => `"${resolve(file)}"`).join(' ')} ${input}/${PAGE_FOLDER}/*.css ${input}/${PAGE_FOLDER}/*.js ${output}/page`,
  ],
};

/** One step of the workflow as a function: a bundle made by local esbuild, a log with an end, and a role of its own. */
export class StepFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: StepFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', { retention: props.retention, removalPolicy: RemovalPolicy.DESTROY });
    this.function = new NodejsFunction(this, 'Function', {
      entry: `${ROOT}lambda/${props.step}/handler.ts`,
      depsLockFilePath: `${ROOT}package-lock.json`,
      projectRoot: ROOT,
      architecture: Architecture.ARM_64,
      runtime: Runtime.NODEJS_24_X,
      timeout: props.timeout,
      memorySize: props.memoryMiB,
      role: this.#role(props, logGroup),
      logGroup,
      environment: { ...props.variables },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        logLevel: BundlerLogLevel.WARNING,
        // As pinned and tested here; that of the runtime changes without a deployment (decision 133).
        bundleAwsSDK: true,
        banner: BANNER,
        ...(props.step === 'report' && { commandHooks: pageBeside }),
      },
      ...(props.inside && {
        vpc: props.inside.vpc,
        vpcSubnets: props.inside.subnets,
        securityGroups: [...props.inside.groups],
      }),
    });
  }

  /** Made here, since the library's own would carry AWS's managed policies. */
  #role({ rights, inside }: StepFunctionProps, logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const right of rights) role.addToPolicy(right);
    if (inside !== undefined) role.addToPolicy(new PolicyStatement({ actions: NETWORK_ACTIONS, resources: ['*'] }));
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]': 'Actions that know no resource, each with its reason in docs/security.md.',
    });
    return role;
  }
}

/** Source: AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC", required permissions. */
const NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
