import type { TimeDefinition } from '../../measure/provenance.ts';
import type { SampleCollector } from './collector.ts';
import { Transactions } from './transactions.ts';
import { failureOf } from '../reading/failure.ts';
import type { Imported } from '../reading/importer.ts';

/** From handing the request to the client to its last byte; whole ms. */
export const gatlingTimes: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'all',
  stepUs: 1000,
};

/** One request as both logs have it; ms since 1970. */
export interface GatlingRequest {
  readonly groups: readonly string[];
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly ok: boolean;
  readonly message: string;
}

/** Takes the records of the text log and of the binary one. */
export class GatlingRequests {
  readonly #samples: SampleCollector;
  readonly #groups = new Transactions();
  #open = 0;

  constructor(samples: SampleCollector) {
    this.#samples = samples;
  }

  /** False: its times are no times, or lie far from the others. A request that has no end (of a WebSocket) is left out and counted. */
  request({ groups, name, startMs, endMs, ok, message }: GatlingRequest): boolean {
    if (endMs < startMs && endMs < 0) {
      this.#open += 1;
      return true;
    }
    if (!(startMs >= 0) || !(endMs >= startMs)) return false;
    const step = this.#samples.step([...groups, name].join(' / '));
    return this.#samples.add(step, startMs * 1000, (endMs - startMs) * 1000, ok ? 'ok' : outcomeOf(message));
  }

  group(names: readonly string[], startMs: number, endMs: number, ok: boolean): void {
    this.#groups.add(names.join(' / '), Math.max(0, endMs - startMs) * 1000, ok ? 'ok' : 'error: group');
  }

  end(): Omit<Imported, 'lines'> {
    return {
      tool: 'Gatling',
      evidence: 'samples',
      times: gatlingTimes,
      model: 'unknown',
      beside: this.#groups.groups(),
      cannotSay: ['It does not say how users were injected: whether in an open or in a closed model.'],
      remarks: this.#open > 0 ? [`${this.#open} requests have no end, and are left out.`] : [],
    };
  }
}

/** Gatling's checks say which status they found: `status.find.in(200), but actually found 503`. */
function outcomeOf(message: string): string {
  const status = /status\.find\.(?:in|is)\(.*\), (?:but actually )?found (\d{3})/.exec(message)?.[1];
  return status === undefined ? failureOf(message) : `status.${status}`;
}
