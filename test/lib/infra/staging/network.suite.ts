import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { countOf, mismatchOf, synthesise } from '../synthesise.ts';

let template: Template;
let perf: Template;
let dev: Template;

beforeAll(() => {
  template = synthesise('staging').of('staging');
  perf = synthesise('perf').of('staging');
  dev = synthesise('dev').of('staging');
});

describe('network', () => {
  test('with NAT: a gateway a zone, S3 by its gateway endpoint, flow logs', () => {
    expect(countOf(template, 'AWS::EC2::NatGateway')).toBe(2);
    expect(countOf(template, 'AWS::EC2::VPCEndpoint')).toBe(1);
    expect(mismatchOf(template, 'AWS::EC2::FlowLog', { TrafficType: 'ALL', LogDestinationType: 's3' })).toBe('');
    expect(countOf(dev, 'AWS::EC2::NatGateway')).toBe(1);
  });

  test('the smallest network that the schema takes holds three zones with all their subnets', () => {
    const small = synthesise('staging', ({ environment, scaling }) => {
      const { staging } = environment;
      if (staging === undefined) throw new Error('staging builds a system');
      const availabilityZones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
      const network = { ...staging.network, cidr: '10.20.0.0/17' };
      return { environment: { ...environment, availabilityZones, staging: { ...staging, network } }, scaling };
    }).of('staging');
    expect(countOf(small, 'AWS::EC2::Subnet')).toBe(9);
  });

  test('without NAT: no way to the Internet, and an endpoint for each of AWS that is called', () => {
    expect(countOf(perf, 'AWS::EC2::NatGateway')).toBe(0);
    expect(countOf(perf, 'AWS::EC2::InternetGateway')).toBe(0);
    expect(countOf(perf, 'AWS::EC2::VPCEndpoint')).toBe(11);
  });
});
