import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { notifyBy } from '../../../../lib/adapters/aws/sns-notify.ts';

test('whatever a subject says after its environment, SNS takes it', async () => {
  const sns = mockClient(SNSClient);
  sns.on(PublishCommand).resolves({});
  const notify = notifyBy(new SNSClient({}), 'arn:topic');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
      await notify(`dev: ${text}`, text);
      const { Subject, Message, TopicArn } = sns.commandCalls(PublishCommand).at(-1)?.args[0].input ?? {};
      // "No line breaks or control characters, and less than 100 characters long" (SNS API, Publish).
      expect(Subject).toMatch(/^dev:[\x20-\x7e]{0,95}$/);
      expect({ Message, TopicArn }).toEqual({ Message: text, TopicArn: 'arn:topic' });
    }),
    { numRuns: 100 },
  );
});
