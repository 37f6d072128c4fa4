import type { ArrivalLedger } from '../../measure/ledger.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import type { SampleCollector } from './collector.ts';
import { failureOf } from '../reading/failure.ts';
import type { Imported } from '../reading/importer.ts';

/** `http_req_duration` is sending + waiting + receiving; connecting and TLS are metrics of their own (k6 docs, "Built-in metrics"). */
export const k6Times: TimeDefinition = {
  from: 'sending',
  to: 'last-byte',
  connect: false,
  failed: 'all',
  stepUs: 1,
};

export const k6CannotSay: readonly string[] = [
  'It does not say how long requests waited for a connection, for TLS or for a free virtual user.',
];

const UNENDED =
  'It was run without the tags that say how a request ended, so these count as cut: neither ok nor failed.';

/** The tags of a point that say what a request was and how it ended. */
export interface K6Tags {
  readonly name: string;
  readonly method: string;
  readonly scenario: string;
  readonly group: string;
  readonly status: string;
  readonly expected: string;
  readonly error: string;
  readonly errorCode: string;
}

/** Takes the points of `--out json` and `--out csv`, which hold the same. A point is stamped when its request has ended. */
export class K6Requests {
  readonly #samples: SampleCollector;
  #iterations = 0;
  #dropped = 0;
  #origin: string | undefined;
  #unended = false;

  constructor(samples: SampleCollector) {
    this.#samples = samples;
  }

  /** False: the value or the moment is no number. */
  add(metric: string, endUs: number, value: number, tags: () => K6Tags): boolean {
    if (!Number.isFinite(endUs) || !Number.isFinite(value)) return false;
    if (metric === 'vus') this.#samples.users(endUs, value);
    else if (metric === 'iterations') this.#iterations += value;
    else if (metric === 'dropped_iterations') this.#dropped += value;
    else if (metric === 'http_req_duration') {
      const us = Math.max(0, value * 1000);
      const own = tags();
      const outcome = outcomeOf(own);
      this.#unended ||= outcome === 'cut';
      return this.#samples.add(this.#samples.step(this.#nameOf(own)), endUs - us, us, outcome);
    }
    return true;
  }

  /** What both formats say alike. Only executors of an open model drop iterations. */
  end(): Pick<Imported, 'tool' | 'evidence' | 'times' | 'model' | 'cannotSay' | 'arrivals' | 'target' | 'remarks'> {
    const [started, dropped] = [Math.round(this.#iterations), Math.round(this.#dropped)];
    const arrivals: ArrivalLedger = {
      due: started + dropped,
      started,
      dropped,
      completed: started,
      abandoned: 0,
      cut: 0,
    };
    return {
      tool: 'k6',
      evidence: 'samples',
      times: k6Times,
      model: dropped > 0 ? 'open' : 'unknown',
      cannotSay: this.#unended ? [...k6CannotSay, UNENDED] : k6CannotSay,
      ...(started > 0 && {
        arrivals,
        remarks: ['Its arrivals are the iterations that were completed, and those dropped.'],
      }),
      ...(this.#origin !== undefined && { target: this.#origin }),
    };
  }

  /** By default k6 calls a request by its URL: then method and path, as plans do. */
  #nameOf({ name, method, scenario, group }: K6Tags): string {
    const url = /^(https?:\/\/[^/?#]+)(.*)$/.exec(name);
    this.#origin ??= url?.[1];
    const path = url !== null && url[1] === this.#origin ? url[2] || '/' : name;
    const prefix = group === '::setup' ? 'setup: ' : scenario === '' || scenario === 'default' ? '' : `${scenario}: `;
    return prefix + (url === null ? name || method : `${method} ${path}`);
  }
}

/** k6's code for a request past its time-out (k6 docs, "Error codes"). */
const TIMED_OUT = '1050';

/** Which tags there are the run chooses (`--system-tags`): without those of its end a request is neither ok nor failed. */
function outcomeOf({ status, expected, error, errorCode }: K6Tags): string {
  if (status + expected + error + errorCode === '') return 'cut';
  const number = Number(status);
  if (expected === 'true' || (expected === '' && number >= 100 && number < 400)) return 'ok';
  if (errorCode === TIMED_OUT) return 'timedOut';
  if (number >= 100) return `status.${number}`;
  return failureOf(error || (errorCode === '' ? 'no reply' : `code ${errorCode}`));
}
