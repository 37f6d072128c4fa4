import { type DeployedResource } from './emulated-stack.ts';
import type { Resource } from './synthesise.ts';

type All = ReadonlyMap<string, DeployedResource>;

/** What AWS asks for and no reference says, so that CloudFormation has to be told the order. */
export interface SilentNeed {
  readonly type: string;
  readonly because: string;
  /** Ids of what must be there before it, and go after it. */
  readonly needs: (it: DeployedResource, all: All) => string[];
}

const text = (value: unknown): string => JSON.stringify(value) ?? '';

const ofType = (all: All, type: string): DeployedResource[] =>
  [...all.values()].filter(({ resource }) => resource.Type === type);

const directly = ({ needs }: DeployedResource, all: All, type: string): DeployedResource[] =>
  [...needs].flatMap((id) => all.get(id) ?? []).filter(({ resource }) => resource.Type === type);

/** What a resource names in one of its properties, of a type. */
const inProperty = (it: DeployedResource, all: All, property: string): DeployedResource[] => {
  const written = text(it.resource.Properties?.[property]);
  const stack = it.id.split('/')[0] ?? '';
  const names = Array.from(
    written.matchAll(/"(?:Ref":"|Fn::GetAtt":\[")(\w+)"/g),
    ([, name = '']) => `${stack}/${name}`,
  );
  return names.flatMap((id) => all.get(id) ?? []);
};

/** The policies of roles: until they are attached a role may do nothing. */
const policiesOf = (roles: readonly DeployedResource[], all: All): string[] =>
  ofType(all, 'AWS::IAM::Policy').flatMap((policy) =>
    inProperty(policy, all, 'Roles').some(({ id }) => roles.some((role) => role.id === id)) ? [policy.id] : [],
  );

const rolesOf = (it: DeployedResource, all: All): DeployedResource[] => directly(it, all, 'AWS::IAM::Role');

/** Rules are resources of their own, and a group without them lets nothing through. */
const rulesOf = (groups: readonly DeployedResource[], all: All): string[] =>
  ['AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress'].flatMap((type) =>
    ofType(all, type).flatMap((rule) =>
      inProperty(rule, all, 'GroupId').some(({ id }) => groups.some((group) => group.id === id)) ? [rule.id] : [],
    ),
  );

const bucketPolicies = (buckets: readonly DeployedResource[], all: All): string[] =>
  ofType(all, 'AWS::S3::BucketPolicy').flatMap((policy) =>
    inProperty(policy, all, 'Bucket').some(({ id }) => buckets.some((bucket) => bucket.id === id)) ? [policy.id] : [],
  );

/** In each case AWS refuses what comes too early, or it fails at its first work; the API Reference of the service says so. */
export const silentNeeds: readonly SilentNeed[] = [
  {
    type: 'AWS::ECS::Service',
    because: 'a target group has to stand behind a balancer, which its listener makes it (CreateService)',
    needs: (it, all) => {
      const groups = inProperty(it, all, 'LoadBalancers');
      return ofType(all, 'AWS::ElasticLoadBalancingV2::Listener').flatMap((listener) =>
        inProperty(listener, all, 'DefaultActions').some(({ id }) => groups.some((group) => group.id === id))
          ? [listener.id]
          : [],
      );
    },
  },
  {
    type: 'AWS::ECS::Service',
    because:
      'its first tasks pull images, read secrets and write logs by their roles, and the circuit breaker counts those that fail',
    needs: (it, all) => {
      const tasks = inProperty(it, all, 'TaskDefinition');
      return policiesOf(
        tasks.flatMap((task) => rolesOf(task, all)),
        all,
      );
    },
  },
  {
    type: 'AWS::ECS::Service',
    because: 'its first tasks reach image, secrets and database by the rules of their group',
    needs: (it, all) => {
      const groups = inProperty(it, all, 'NetworkConfiguration').filter(
        ({ resource }) => resource.Type === 'AWS::EC2::SecurityGroup',
      );
      return rulesOf(groups, all);
    },
  },
  {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    because: 'an instance joins its cluster by its role, or never',
    needs: (it, all) => {
      const templates = directly(it, all, 'AWS::EC2::LaunchTemplate');
      const profiles = templates.flatMap((each) => directly(each, all, 'AWS::IAM::InstanceProfile'));
      const roles = [...templates, ...profiles].flatMap((each) => rolesOf(each, all));
      return policiesOf(roles, all);
    },
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    because: 'CreateStateMachine is refused where the role may not write the log that it names',
    needs: (it, all) => policiesOf(inProperty(it, all, 'RoleArn'), all),
  },
  {
    type: 'AWS::Lambda::Function',
    because: 'CreateFunction inside a VPC is refused where the role may not make network interfaces',
    needs: (it, all) =>
      it.resource.Properties?.['VpcConfig'] === undefined ? [] : policiesOf(inProperty(it, all, 'Role'), all),
  },
  {
    type: 'AWS::RDS::DBProxy',
    because: 'it reads the password of the database by its role',
    needs: (it, all) => policiesOf(inProperty(it, all, 'RoleArn'), all),
  },
  ...['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::EC2::FlowLog'].map((type) => ({
    type,
    because: 'where it writes its log is tried when it is made',
    needs: (it: DeployedResource, all: All) => bucketPolicies(directly(it, all, 'AWS::S3::Bucket'), all),
  })),
  {
    type: 'AWS::EC2::NatGateway',
    because: 'the network has to be attached to the Internet',
    needs: (_, all) => ofType(all, 'AWS::EC2::VPCGatewayAttachment').map(({ id }) => id),
  },
  {
    type: 'AWS::EC2::Route',
    because: 'a route to a gateway needs it attached',
    needs: (it, all) =>
      it.resource.Properties?.['GatewayId'] === undefined
        ? []
        : ofType(all, 'AWS::EC2::VPCGatewayAttachment').map(({ id }) => id),
  },
  {
    type: 'AWS::SecretsManager::RotationSchedule',
    because: 'the first rotation logs on to the database that the secret names',
    needs: (it, all) => {
      const secrets = inProperty(it, all, 'SecretId');
      const attachments = ofType(all, 'AWS::SecretsManager::SecretTargetAttachment');
      return attachments
        .filter((each) =>
          secrets.some(({ id }) => id === each.id || inProperty(each, all, 'SecretId').some((of) => of.id === id)),
        )
        .map(({ id }) => id);
    },
  },
];

/** What stays when the stack goes. */
export const stays = ({ DeletionPolicy }: Resource): boolean => DeletionPolicy === 'Retain';
