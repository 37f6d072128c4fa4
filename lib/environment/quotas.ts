/** An inline Map runs so many branches at once (Step Functions Developer Guide, "Inline mode"). */
export const MOST_WORKERS = 40;

/** Two metrics a node stand in the alarm on the hit ratio, and CloudWatch takes ten in one alarm (CloudWatch service quotas). */
export const MOST_NODES = 5;
