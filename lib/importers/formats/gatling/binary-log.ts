import { PlimsollError } from '../../../errors.ts';
import { GatlingRequests } from '../../building/gatling-requests.ts';
import { ByteQueue } from '../../reading/byte-queue.ts';
import type { Head, Imported, Importer, FileReading } from '../../reading/importer.ts';
import type { SampleCollector } from '../../building/collector.ts';

/** The binary log of Gatling from 3.12 on, read from its LogFileWriter: big-endian, strings in a cache. */
export const gatlingBinary: Importer = {
  name: 'Gatling simulation.log (binary)',
  takes: 'bytes',
  recognises: (head) => versionIn(head) !== undefined,
  begin: (samples) => new GatlingBinaryReading(samples),
};

/** The header begins with the byte 0, and the version as a string. */
function versionIn({ bytes }: Pick<Head, 'bytes'>): string | undefined {
  if (bytes.length < 10 || bytes[0] !== 0) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(1);
  if (!(length > 0 && length < 40)) return undefined;
  const version = String.fromCharCode(...bytes.subarray(5, 5 + length));
  return /^\d+\.\d+/.test(version) ? version : undefined;
}

/** The layout was tried with a log of this version, laid out as its writer does. Gatling itself reads none but its own. */
const TRIED = /^3\.14\b/;

const MOST_STRINGS = 1_000_000;

class GatlingBinaryReading implements FileReading<Uint8Array> {
  readonly #requests: GatlingRequests;
  readonly #bytes = new ByteQueue();
  readonly #strings: string[] = [];
  #version = '';
  #title = '';
  #startMs = Number.NaN;
  #good = 0;
  #failure: string | undefined;

  constructor(samples: SampleCollector) {
    this.#requests = new GatlingRequests(samples);
  }

  write(piece: Uint8Array): void {
    if (this.#failure !== undefined) return;
    this.#bytes.push(piece);
    while (this.#bytes.take(() => this.#record()));
  }

  end(): Imported {
    const cut = this.#bytes.length > 0 || this.#failure !== undefined;
    if (this.#good === 0)
      throw new PlimsollError(
        'E-IMPORT-DAMAGED',
        `The file begins as a binary log of Gatling ${this.#version}, but ${this.#failure ?? 'holds no request'}.`,
      );
    const known = this.#requests.end();
    const remarks = [
      ...(this.#failure === undefined ? [] : [`It is read up to byte ${this.#bytes.position}: ${this.#failure}.`]),
      ...(TRIED.test(this.#version)
        ? []
        : [`The layout of Gatling ${this.#version} was never tried; it was read as that of 3.14.`]),
      ...(known.remarks ?? []),
    ];
    const lines = { good: this.#good, bad: 0, cut };
    return { ...known, version: this.#version, title: this.#title, startedAtMs: this.#startMs, remarks, lines };
  }

  /** Reads one record. Throws where the bytes end within it: then it is read again when there are more. */
  #record(): void {
    const kind = this.#bytes.byte();
    if (Number.isNaN(this.#startMs)) return this.#run(kind);
    if (kind === 1) return this.#request();
    if (kind === 2) return void [this.#bytes.int(), this.#bytes.byte(), this.#bytes.int()];
    if (kind === 3) return this.#group();
    if (kind === 4) return void [this.#cached(), this.#bytes.int()];
    this.#fail(`record ${this.#good + 1} is of no known kind (${kind})`);
  }

  #run(kind: number): void {
    if (kind !== 0) return this.#fail('it does not begin with the record of a run');
    const [version, title] = [this.#bytes.string(), this.#bytes.string()];
    const startMs = this.#bytes.long();
    this.#bytes.string();
    for (let left = this.#count(); left > 0; left -= 1) this.#bytes.string();
    for (let left = this.#count(); left > 0; left -= 1) this.#bytes.skip(this.#bytes.int());
    if (!(startMs > 0 && startMs < 1e14)) return this.#fail('its start is no moment');
    [this.#version, this.#title, this.#startMs] = [version, title, startMs];
  }

  #request(): void {
    const groups = this.#names();
    const name = this.#cached();
    const [start, end] = [this.#bytes.int(), this.#bytes.int()];
    const ok = this.#bytes.byte() === 1;
    const message = this.#cached();
    const endMs = end < start ? -1 : this.#startMs + end;
    if (this.#requests.request({ groups, name, startMs: this.#startMs + start, endMs, ok, message })) this.#good += 1;
    else this.#fail(`request ${this.#good + 1} has no usable time`);
  }

  #group(): void {
    const names = this.#names();
    const [start, end] = [this.#bytes.int(), this.#bytes.int()];
    this.#bytes.int();
    this.#requests.group(names, start, end, this.#bytes.byte() === 1);
  }

  #names(): string[] {
    return Array.from({ length: this.#count() }, () => this.#cached());
  }

  #count(): number {
    const count = this.#bytes.int();
    if (count < 0 || count > 10_000) this.#fail(`record ${this.#good + 1} has ${count} parts`);
    return this.#failure === undefined ? count : 0;
  }

  /** A number above 0 defines an entry, and one below it names one. */
  #cached(): string {
    const index = this.#bytes.int();
    if (index <= 0) return this.#strings[-index] ?? '';
    const string = this.#bytes.string();
    if (index < MOST_STRINGS) this.#strings[index] = string;
    else this.#fail(`it has more than ${MOST_STRINGS} names`);
    return string;
  }

  #fail(why: string): void {
    this.#failure ??= why;
    this.#bytes.stop();
  }
}
