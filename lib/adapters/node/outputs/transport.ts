import type { Message } from '../../../outputs/output.ts';

/** What became of one second's messages: `again` of what may be taken later. */
export type Attempt = 'delivered' | { readonly again: string } | { readonly refused: string };

/** Gets messages to their reader. */
export interface Transport {
  /** Ends soon once `signal` is aborted. */
  send(messages: readonly Message[], signal: AbortSignal): Promise<Attempt>;
  /** The last was sent. What the reader lacks all the same, as a sentence's part. Ends soon once `signal` is aborted. */
  close(signal: AbortSignal): Promise<string | undefined>;
}
