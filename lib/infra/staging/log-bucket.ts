import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/**
 * Where the balancer and the VPC write what passed them. Kept for a month: long enough to look back from a report, and gone
 * before it costs. S3-managed keys, since the balancer can write under no other.
 * Source: Elastic Load Balancing, "Enable access logs for your Application Load Balancer".
 */
export function logBucket(scope: Construct): IBucket {
  const bucket = new Bucket(scope, 'Logs', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    // Emptying it on removal takes a Lambda function; docs/deploy.md empties it by hand instead.
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [{ expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  acknowledge(bucket, {
    'AwsSolutions-S1': 'This bucket is where access logs go; a log of its own would need another bucket, without end.',
  });
  // The cast: under exactOptionalPropertyTypes the library's class does not fit its own interface.
  return bucket as IBucket;
}
