import { GatlingRequests } from '../../building/gatling-requests.ts';
import type { Imported, Importer, FileReading } from '../../reading/importer.ts';
import { LineReader } from '../../reading/lines.ts';
import { LineTally } from '../../reading/line-tally.ts';
import type { SampleCollector } from '../../building/collector.ts';

/** The text log of Gatling up to 3.11: a record a line, its fields parted by tabs. */
export const gatlingText: Importer = {
  name: 'Gatling simulation.log (text)',
  takes: 'text',
  recognises: ({ lines }) =>
    lines.slice(0, 50).some((line) => line.startsWith('RUN\t')) && /^(?:RUN|ASSERTION)\t/.test(lines[0] ?? ''),
  begin: (samples) => new GatlingReading(samples),
};

const KINDS = new Set(['ASSERTION', 'USER', 'ERROR']);

class GatlingReading implements FileReading<string> {
  readonly #requests: GatlingRequests;
  readonly #tally = new LineTally();
  readonly #lines = new LineReader((line, number) => this.#line(line, number));
  #version = '';
  #title = '';

  constructor(samples: SampleCollector) {
    this.#requests = new GatlingRequests(samples);
  }

  write(piece: string): void {
    this.#lines.write(piece);
  }

  end(): Imported {
    const hasRest = this.#lines.end();
    return {
      ...this.#requests.end(),
      ...(this.#version !== '' && { version: this.#version }),
      ...(this.#title !== '' && { title: this.#title }),
      lines: { ...this.#tally.checked('a log of Gatling'), cut: hasRest && this.#tally.cut },
    };
  }

  #line(line: string | undefined, number: number): void {
    if (line === undefined) return this.#tally.reject(number, 'it is longer than a million characters');
    this.#tally.cut = false;
    const fields = line.split('\t');
    const [kind = ''] = fields;
    if (line.trim() === '' || KINDS.has(kind)) return;
    if (kind === 'RUN') return this.#run(fields);
    const wrong =
      kind === 'REQUEST' ? this.#request(fields) : kind === 'GROUP' ? this.#group(fields) : 'it is of no known kind';
    if (wrong === undefined) {
      this.#tally.good += 1;
      return;
    }
    this.#tally.cut = true;
    this.#tally.reject(number, wrong);
  }

  /** `RUN`, class, id, start, description, version; in 2.x the scenario stands in the third place. */
  #run(fields: readonly string[]): void {
    this.#title = fields[1] ?? '';
    this.#version = fields.findLast((field) => /^\d+\.\d+(?:\.\d+)?\S*$/.test(field.trim()))?.trim() ?? '';
  }

  /** `REQUEST`, groups, name, start, end, OK or KO, message; in 2.x with scenario and user's id in front. */
  #request(fields: readonly string[]): string | undefined {
    const at = fields.findIndex((field, place) => place >= 4 && (field === 'OK' || field === 'KO'));
    if (at < 0) return 'it has neither OK nor KO';
    const [groups = '', name = '', start = '', end = ''] = fields.slice(at - 4, at);
    const request = {
      groups: groups.split(',').filter((each) => each !== ''),
      name,
      startMs: whole(start),
      endMs: whole(end),
      ok: fields[at] === 'OK',
      message: fields
        .slice(at + 1)
        .join(' ')
        .trim(),
    };
    return this.#requests.request(request) ? undefined : 'its start or its end is no moment';
  }

  /** `GROUP`, names, start, end, summed time, OK or KO. */
  #group(fields: readonly string[]): string | undefined {
    const at = fields.findIndex((field, place) => place >= 4 && (field === 'OK' || field === 'KO'));
    const [names = '', start = '', end = ''] = fields.slice(at - 4, at);
    if (at < 0 || !(whole(end) >= whole(start))) return 'its start or its end is no moment';
    this.#requests.group(names.split(','), whole(start), whole(end), fields[at] === 'OK');
    return undefined;
  }
}

const whole = (text: string): number => (/^-?\d+$/.test(text) ? Number(text) : Number.NaN);
