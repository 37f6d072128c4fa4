import { families, familyReadings, type Family } from '../families.ts';
import type { Encoder } from '../output.ts';
import { prometheusName, seriesReader, type PrometheusSeries } from './series.ts';

/** "Exposition formats", version 0.0.4 of the text format. */
export const EXPOSITION = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The whole page anew each second. Counters of earlier phases stay on it until the run is over, since a scrape comes when it
 * comes; gauges are of the last second.
 */
export function exposition(): Encoder {
  const read = seriesReader(seriesText);
  const counters = new Map<Family, Map<string, number>>();
  return {
    second: (live) => {
      const gauges = new Map<Family, Map<string, number>>();
      for (const [family, reading] of familyReadings(live, live.soFar)) {
        const into = family.kind === 'gauge' ? gauges : counters;
        const lines = into.get(family) ?? new Map<string, number>();
        into.set(family, lines);
        for (const [text, value] of read(family, reading)) lines.set(text, value);
      }
      return [families.map((family) => blockOf(family, counters.get(family) ?? gauges.get(family))).join('')];
    },
  };
}

function blockOf(family: Family, series: ReadonlyMap<string, number> | undefined): string {
  if (series === undefined) return '';
  const name = prometheusName(family);
  const lines = Array.from(series, ([text, value]) => `${text} ${value}\n`);
  return `# HELP ${name} ${family.help}\n# TYPE ${name} ${family.kind}\n${lines.join('')}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': String.raw`\\`, '\n': String.raw`\n`, '"': String.raw`\"` };

/** `name{label="value"}`. */
export function seriesText({ name, labels }: PrometheusSeries): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) => `${key}="${value.replaceAll(/[\\\n"]/g, (sign) => ESCAPES[sign] ?? '')}"`,
  );
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}
