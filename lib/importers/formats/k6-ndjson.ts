import { K6Requests, type K6Tags } from '../building/k6-requests.ts';
import { momentOf } from '../reading/clock.ts';
import type { Importer, FileReading } from '../reading/importer.ts';
import { has, numberAt, objectOf, stringAt } from '../reading/json.ts';
import { LineReader } from '../reading/lines.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';

/** `--out json`: a line a metric's declaration, and a line a point. */
export const k6Ndjson: Importer = {
  name: 'k6 --out json',
  takes: 'text',
  recognises: ({ lines: [first = ''] }) => {
    const value = parsed(first);
    return has(value, 'data') && ['Metric', 'Point'].includes(stringAt(value, 'type') ?? '');
  },
  begin: (samples) => new K6NdjsonReading(samples),
};

/** Of some twenty metrics a request has nine points; those of other metrics are passed over unparsed. */
const WANTED = /"metric":\s*"(?:http_req_duration|vus|iterations|dropped_iterations)"/;

class K6NdjsonReading implements FileReading<string> {
  readonly #requests: K6Requests;
  readonly #tally = new LineTally();
  readonly #lines = new LineReader((line, number) => this.#line(line, number));

  constructor(samples: SampleCollector) {
    this.#requests = new K6Requests(samples);
  }

  write(piece: string): void {
    this.#lines.write(piece);
  }

  end() {
    this.#tally.cut = this.#lines.end() && this.#tally.cut;
    return { ...this.#requests.end(), lines: this.#tally.checked('k6 --out json') };
  }

  #line(line: string | undefined, number: number): void {
    if (line?.trim() === '') return;
    if (line === undefined || !line.startsWith('{') || !line.endsWith('}'))
      return this.#tally.reject(number, 'it is no JSON object');
    if (!WANTED.test(line)) return;
    const value = parsed(line);
    if (value === undefined) return this.#tally.reject(number, 'it is no JSON');
    if (stringAt(value, 'type') !== 'Point') return;
    const metric = stringAt(value, 'metric') ?? '';
    const time = stringAt(value, 'data', 'time') ?? '';
    const took = this.#requests.add(metric, momentOf(time).us, numberAt(value, 'data', 'value'), () => tagsOf(value));
    if (!took) this.#tally.reject(number, 'its time or its value is no usable number');
    else if (metric === 'http_req_duration') this.#tally.good += 1;
  }
}

function parsed(line: string): unknown {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function tagsOf(value: unknown): K6Tags {
  const tag = (name: string): string => stringAt(value, 'data', 'tags', name) ?? '';
  return {
    name: tag('name') || tag('url'),
    method: tag('method'),
    scenario: tag('scenario'),
    group: tag('group'),
    status: tag('status'),
    expected: tag('expected_response'),
    error: tag('error'),
    errorCode: tag('error_code'),
  };
}
