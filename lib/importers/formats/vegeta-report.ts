import type { GivenTimes } from '../../measure/given.ts';
import type { Ledger } from '../../measure/ledger.ts';
import type { TimeDefinition } from '../../measure/provenance.ts';
import { ledgerOf } from '../building/ledger.ts';
import { failureOf, outcomeOfStatus } from '../reading/failure.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { countAt, has, listOf, numberAt, objectOf, stringAt, under } from '../reading/json.ts';
import { toUs } from '../reading/units.ts';

/** From the call of the client to the end of the body (lib/attack.go): connecting is in it, time-outs stand at their length. */
export const vegetaTimes: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'all',
  stepUs: 1,
};

/** `vegeta report -type=json`. Times are nanoseconds. */
export const vegetaReport: Importer = {
  name: 'vegeta report JSON',
  takes: 'document',
  recognises: ({ json }) => has(json, 'latencies') && has(json, 'bytes_in') && has(json, 'status_codes'),
  read: ({ json }) => read(json),
};

function read(json: unknown): Imported {
  const codes = Object.entries(objectOf(under(json, 'status_codes'))).map(
    ([code, count]) => [Number(code), Number(count)] as const,
  );
  const earliest = Date.parse(stringAt(json, 'earliest') ?? '');
  const seconds = (numberAt(json, 'duration') + numberAt(json, 'wait')) / 1e9;
  const count = countAt(json, 'requests');
  return {
    tool: 'vegeta',
    evidence: 'summary',
    times: { ...vegetaTimes, stepRatio: 0.01 },
    model: 'open',
    load: `${Number(numberAt(json, 'rate').toPrecision(4))} requests/s sent`,
    ...(Number.isFinite(earliest) && { startedAtMs: earliest }),
    ...(seconds > 0 && { seconds }),
    total: {
      name: 'all requests',
      ledger: ledgerOfVegeta(
        codes,
        listOf(under(json, 'errors')).filter((error) => typeof error === 'string'),
      ),
      ...(count > 0 && { times: timesOf(json, count) }),
    },
    cannotSay: ['It does not say when in the run anything happened, nor how often each error occurred.'],
    remarks: [],
  };
}

/** `errors` is a set: how often each occurred is known only where there is one kind of them. A code of 0 stands for all of them. */
export function ledgerOfVegeta(
  codes: readonly (readonly [code: number, count: number])[],
  errors: readonly string[],
): Ledger {
  const lost = codes.find(([code]) => code === 0)?.[1] ?? 0;
  const replies = codes.filter(([code]) => code !== 0).map(([code, count]) => [outcomeOfStatus(code), count] as const);
  const kinds = new Set(errors.filter((error) => !/^\d{3} /.test(error)).map(failureOf));
  const [kind = 'error: no reply'] = kinds.size === 1 ? kinds : [];
  return ledgerOf([...replies, [kind, lost]]);
}

function timesOf(json: unknown, count: number): GivenTimes {
  const latencies = under(json, 'latencies');
  const us = (name: string): number => toUs(numberAt(latencies, name), 1e-3);
  const ranks = Object.keys(objectOf(latencies)).flatMap((name) => {
    const rank = /^(\d+(?:\.\d+)?)th$/.exec(name)?.[1];
    return rank === undefined ? [] : [[Number(rank), us(name)] as const];
  });
  return { count, min: us('min'), mean: us('mean'), max: us('max'), ranks: ranks.toSorted(([a], [b]) => a - b) };
}
