import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ServiceConfiguration } from '../../environment/environment.ts';

/** The library's names for numbers of days. */
export const logRetention: Readonly<Record<ServiceConfiguration['logRetentionDays'], RetentionDays>> = {
  1: RetentionDays.ONE_DAY,
  3: RetentionDays.THREE_DAYS,
  5: RetentionDays.FIVE_DAYS,
  7: RetentionDays.ONE_WEEK,
  14: RetentionDays.TWO_WEEKS,
  30: RetentionDays.ONE_MONTH,
  60: RetentionDays.TWO_MONTHS,
  90: RetentionDays.THREE_MONTHS,
};
