import { expect, test } from '@jest/globals';
import { arnPlace, consoleLink, executionArn } from '../../../../lib/run/workflow/arn.ts';

const arnIn = (partition: string, region: string): string =>
  `arn:${partition}:states:${region}:111122223333:execution:plimsoll-staging-load-test:smoke-1`;

test.each([
  ['aws', 'eu-west-1', 'eu-west-1.console.aws.amazon.com'],
  ['aws-cn', 'cn-north-1', 'console.amazonaws.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'console.amazonaws-us-gov.com'],
])('the console of %s', (partition, region, host) => {
  const arn = arnIn(partition, region);
  expect(arnPlace(arn)).toEqual({ partition, region });
  expect(consoleLink(arn)).toBe(`https://${host}/states/home?region=${region}#/v2/executions/details/${arn}`);
});

test('an execution is called after its state machine', () => {
  const machine = 'arn:aws:states:us-east-1:111122223333:stateMachine:plimsoll-staging-load-test';
  expect(executionArn(machine, 'smoke-1')).toBe(arnIn('aws', 'us-east-1'));
});

test.each([
  '',
  'x',
  'arn:aws:s3:::bucket',
  'arn:aws:states:us-east-1:1:stateMachine:a',
  'arn:aws:lambda:a:b:function:c',
])('%p is refused', (text) => expect(() => arnPlace(text)).toThrow(expect.objectContaining({ code: 'E-USAGE' })));
