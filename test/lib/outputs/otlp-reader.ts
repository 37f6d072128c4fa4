/** A metrics request as OTLP's protobuf has it, read by its field numbers; what a test doesn't look at is left out. */
export interface OtlpPoint {
  readonly metric: string;
  readonly unit: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds; 0 where none is given. */
  readonly times: readonly [start: bigint, at: bigint];
  /** Of a number. */
  readonly value?: number;
  readonly exponential?: OtlpExponential;
}

export interface OtlpExponential {
  readonly count: number;
  readonly sum: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly offset: number;
  readonly counts: readonly number[];
  readonly min?: number;
  readonly max?: number;
}

/** Fields of a message in their order: a number of a varint, bytes of anything else. */
function fieldsIn(bytes: Uint8Array): [field: number, value: number | Buffer][] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let [number, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++] ?? 0;
      number += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte < 0x80) return number;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) fields.push([field, varint()]);
    else {
      const length = wire === 1 ? 8 : varint();
      fields.push([field, Buffer.from(bytes.subarray(at, at + length))]);
      at += length;
    }
  }
  return fields;
}

const all = (bytes: Uint8Array, field: number): Buffer[] =>
  fieldsIn(bytes).flatMap(([own, value]) => (own === field && typeof value !== 'number' ? value : []));
const one = (bytes: Uint8Array, field: number): Buffer => all(bytes, field)[0] ?? Buffer.alloc(0);
const numberOf = (bytes: Uint8Array, field: number): number =>
  fieldsIn(bytes).flatMap(([own, value]) => (own === field && typeof value === 'number' ? value : []))[0] ?? 0;
const zigzag = (number: number): number => (number % 2 === 1 ? -(number + 1) / 2 : number / 2);
const fixed = (bytes: Uint8Array, field: number): number => Number(one(bytes, field).readBigUInt64LE());

const labelsIn = (bytes: Uint8Array, field: number): Record<string, string> =>
  Object.fromEntries(all(bytes, field).map((pair) => [String(one(pair, 1)), String(one(one(pair, 2), 1))]));

const timesIn = (point: Uint8Array): OtlpPoint['times'] => {
  const [start = 0n, at = 0n] = [2, 3].map((field) => all(point, field)[0]?.readBigUInt64LE());
  return [start, at];
};

/** One varint after another, without tags. */
function packed(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let [number, scale] = [0, 1];
  for (const byte of bytes) {
    number += (byte & 0x7f) * scale;
    scale *= 0x80;
    if (byte < 0x80) {
      numbers.push(number);
      [number, scale] = [0, 1];
    }
  }
  return numbers;
}

function exponentialIn(point: Uint8Array): OtlpExponential {
  const positive = one(point, 8);
  const extreme = (name: string, field: number) => all(point, field).map((bytes) => [name, bytes.readDoubleLE()]);
  return {
    count: fixed(point, 4),
    sum: one(point, 5).readDoubleLE(),
    scale: zigzag(numberOf(point, 6)),
    zeroCount: fixed(point, 7),
    offset: zigzag(numberOf(positive, 1)),
    counts: packed(one(positive, 2)),
    ...Object.fromEntries([...extreme('min', 12), ...extreme('max', 13)]),
  };
}

/** Every point of a request. */
export function readOtlp(request: Uint8Array): OtlpPoint[] {
  const metrics = all(request, 1).flatMap((resource) => all(resource, 2).flatMap((scope) => all(scope, 2)));
  return metrics.flatMap((metric) => {
    const common = { metric: String(one(metric, 1)), unit: String(one(metric, 3)) };
    const numbers = [5, 7].flatMap((data) => all(metric, data).flatMap((each) => all(each, 1)));
    const exponentials = all(metric, 10).flatMap((each) => all(each, 1));
    return [
      ...numbers.map((point) => ({
        ...common,
        labels: labelsIn(point, 7),
        times: timesIn(point),
        value: one(point, 4).readDoubleLE(),
      })),
      ...exponentials.map((point) => ({
        ...common,
        labels: labelsIn(point, 1),
        times: timesIn(point),
        exponential: exponentialIn(point),
      })),
    ];
  });
}
