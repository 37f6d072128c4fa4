import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { CloudPorts } from '../../run/workflow/ports.ts';
import { callAws } from './client-defaults.ts';

/** "ASCII text … no line breaks or control characters … less than 100 characters long" (SNS API, Publish). */
const SUBJECT_LENGTH = 99;
const UNFIT = /[^\x20-\x7e]+/g;

export const notifyBy =
  (client: SNSClient, topicArn: string): CloudPorts['notify'] =>
  async (subject, text) => {
    const Subject = subject.replaceAll(UNFIT, ' ').trim().slice(0, SUBJECT_LENGTH);
    const command = new PublishCommand({ TopicArn: topicArn, Subject, Message: text });
    await callAws('sns:Publish', () => client.send(command));
  };
