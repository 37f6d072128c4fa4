/** An inline Map runs so many branches at once (Step Functions Developer Guide, "Inline mode"). */
export const MOST_WORKERS = 40;
