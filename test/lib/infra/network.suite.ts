import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { countOf, mismatchOf, synthesise } from './synthesise.ts';

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

  test('without NAT: no way to the Internet, and an endpoint for each of AWS that is called', () => {
    expect(countOf(perf, 'AWS::EC2::NatGateway')).toBe(0);
    expect(countOf(perf, 'AWS::EC2::InternetGateway')).toBe(0);
    expect(countOf(perf, 'AWS::EC2::VPCEndpoint')).toBe(11);
  });
});
