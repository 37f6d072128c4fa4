import { NoRequest } from '../../../loadgen/engine/no-request.ts';
import type { Outgoing } from '../../../loadgen/senders/sender.ts';

/** What would be sent; undefined where nothing can be. */
export const sendable = (made: Outgoing | NoRequest): Outgoing | undefined =>
  made instanceof NoRequest ? undefined : made;
