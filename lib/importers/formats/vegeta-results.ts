import { fieldsOfLine } from '../reading/csv.ts';
import { failureOf, outcomeOfStatus } from '../reading/failure.ts';
import type { Imported, Importer, FileReading } from '../reading/importer.ts';
import { has, numberAt, stringAt } from '../reading/json.ts';
import { LineReader } from '../reading/lines.ts';
import { LineTally } from '../reading/line-tally.ts';
import { momentOf } from '../reading/clock.ts';
import { vegetaTimes } from './vegeta-report.ts';
import type { SampleCollector } from '../building/collector.ts';

/** `vegeta encode -to json`, a line a request, and `-to csv`, which has no header. */
export const vegetaResults: Importer = {
  name: 'vegeta results',
  takes: 'text',
  recognises: ({ lines: [first = ''] }) => resultOf(first) !== undefined,
  begin: (samples) => new VegetaReading(samples),
};

interface Result {
  readonly code: number;
  readonly startUs: number;
  readonly us: number;
  readonly error: string;
  readonly name: string;
}

class VegetaReading implements FileReading<string> {
  readonly #samples: SampleCollector;
  readonly #tally = new LineTally();
  readonly #lines = new LineReader((line, number) => this.#line(line, number));

  constructor(samples: SampleCollector) {
    this.#samples = samples;
  }

  write(piece: string): void {
    this.#lines.write(piece);
  }

  end(): Imported {
    this.#lines.end();
    return {
      tool: 'vegeta',
      evidence: 'samples',
      times: vegetaTimes,
      model: 'open',
      cannotSay: ['It does not say at which rate requests were to be sent.'],
      lines: this.#tally.checked('vegeta results'),
    };
  }

  #line(line: string | undefined, number: number): void {
    if (line?.trim() === '') return;
    const result = line === undefined ? undefined : resultOf(line);
    if (result === undefined) return this.#tally.reject(number, 'it is no result of vegeta');
    const { code, startUs, us, error, name } = result;
    const outcome = code === 0 ? failureOf(error) : outcomeOfStatus(code);
    if (this.#samples.add(this.#samples.step(name), startUs, us, outcome)) this.#tally.good += 1;
    else this.#tally.reject(number, 'its moment lies eleven days from the others');
  }
}

function resultOf(line: string): Result | undefined {
  const result = line.startsWith('{') ? fromJson(line) : fromCsv(fieldsOfLine(line));
  return result !== undefined && result.us >= 0 && result.code >= 0 && Number.isFinite(result.startUs)
    ? result
    : undefined;
}

function fromJson(line: string): Result | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!has(value, 'attack') || !has(value, 'latency')) return undefined;
  return {
    code: numberAt(value, 'code'),
    startUs: momentOf(stringAt(value, 'timestamp') ?? '').us,
    us: numberAt(value, 'latency') / 1000,
    error: stringAt(value, 'error') ?? '',
    name: nameOf(stringAt(value, 'method'), stringAt(value, 'url')),
  };
}

/** timestamp ns, code, latency ns, bytes out, bytes in, error, base64 body, attack, sequence[, method, URL, base64 headers]. */
function fromCsv(fields: readonly string[]): Result | undefined {
  const [timestamp = '', code = '', latency = '', out = '', into = '', error = ''] = fields;
  if (
    fields.length < 9 ||
    !/^\d{18,20}$/.test(timestamp) ||
    ![code, latency, out, into].every((field) => /^\d+$/.test(field))
  )
    return undefined;
  return {
    code: Number(code),
    startUs: Number(timestamp) / 1000,
    us: Number(latency) / 1000,
    error,
    name: nameOf(fields[9], fields[10]),
  };
}

/** Older versions write no URL. */
function nameOf(method: string | undefined, url: string | undefined): string {
  if (url === undefined || url === '') return 'all requests';
  const path = /^https?:\/\/[^/?#]+([^?#]*)/.exec(url)?.[1];
  return `${method ?? ''} ${path === undefined || path === '' ? url : path}`.trim();
}
