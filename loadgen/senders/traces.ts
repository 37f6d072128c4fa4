import { randomFillSync } from 'node:crypto';
import { headerIn, type Outgoing } from './sender.ts';

/** Ids are drawn for so many requests at a time. */
const BATCH = 512;
const TRACE_BYTES = 16;
const BYTES = 24;

/** Marks requests as the roots of traces of their own. */
export interface Traces {
  /** The same request with a `traceparent`, unless the plan gives it one. */
  mark(outgoing: Outgoing): Outgoing;
}

/**
 * W3C Trace Context, level 1: version 00, a random trace and parent id, and the flag that says it is sampled, since a trace that
 * the service drops can't be looked at. Ids are no part of the plan's random numbers: a run that is repeated has other traces.
 */
export function w3cTraces(): Traces {
  const ids = Buffer.alloc(BATCH * BYTES);
  let at = ids.length;
  const next = (): string => {
    if (at === ids.length) {
      randomFillSync(ids);
      at = 0;
    }
    const [from, parent] = [at, at + TRACE_BYTES];
    at += BYTES;
    return `00-${ids.toString('hex', from, parent)}-${ids.toString('hex', parent, at)}-01`;
  };
  return {
    mark: (outgoing) =>
      outgoing.headers['traceparent'] === undefined
        ? { ...outgoing, wire: undefined, headers: { ...outgoing.headers, traceparent: next() } }
        : outgoing,
  };
}

/** `trace 4bf9…` before what is known of a failure, so that its trace can be found; without a trace only that. */
export function withTraceId(detail: string | undefined, outgoing: Outgoing | undefined): string | undefined {
  const id = /^00-([\da-f]{32})-/.exec((outgoing && headerIn(outgoing.headers, 'traceparent')) ?? '')?.[1];
  if (id === undefined) return detail;
  return detail === undefined ? `trace ${id}` : `trace ${id}: ${detail}`;
}
