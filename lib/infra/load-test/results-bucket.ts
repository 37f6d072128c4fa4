import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** What a run leaves, by the prefixes of lib/run/archive/keys.ts; plans stay. */
const OF_RUNS = ['runs/', 'executions/'];

/** Plans, measurements and reports. Runs go after `days`; who wants to keep one as a baseline copies its summary.json. */
export function resultsBucket(scope: Construct, days: number): Bucket {
  const bucket = new Bucket(scope, 'Results', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    // Emptying it on removal takes a Lambda function; docs/deploy.md empties it by hand instead.
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      ...OF_RUNS.map((prefix) => ({ prefix, expiration: Duration.days(days) })),
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  acknowledge(bucket, {
    'AwsSolutions-S1':
      'Read and written by the workflow and the generators alone, and by people in the console, whom CloudTrail names.',
  });
  return bucket;
}
