import { ab } from './formats/ab.ts';
import { abGnuplot } from './formats/ab-gnuplot.ts';
import { artillery } from './formats/artillery.ts';
import { autocannonText } from './formats/autocannon-text.ts';
import { autocannon } from './formats/autocannon.ts';
import { fortio } from './formats/fortio.ts';
import { gatlingBinary } from './formats/gatling/binary-log.ts';
import { gatlingStats } from './formats/gatling/stats.ts';
import { gatlingText } from './formats/gatling/text-log.ts';
import { heyCsv } from './formats/hey-csv.ts';
import { heyText } from './formats/hey-text.ts';
import { jmeterStatistics } from './formats/jmeter-statistics.ts';
import { jtlCsv } from './formats/jtl-csv.ts';
import { jtlXml } from './formats/jtl-xml.ts';
import { k6Csv } from './formats/k6-csv.ts';
import { k6Ndjson } from './formats/k6-ndjson.ts';
import { k6Summary } from './formats/k6-summary.ts';
import { locust } from './formats/locust.ts';
import { ohaCsv } from './formats/oha/csv.ts';
import { ohaText } from './formats/oha/text.ts';
import { oha } from './formats/oha/json.ts';
import type { Importer } from './reading/importer.ts';
import { siege } from './formats/siege.ts';
import { vegetaHdr } from './formats/vegeta-hdr.ts';
import { vegetaReport } from './formats/vegeta-report.ts';
import { vegetaResults } from './formats/vegeta-results.ts';
import { vegetaText } from './formats/vegeta-text.ts';
import { wrk } from './formats/wrk.ts';

/** Every format that is imported. A new one is its own file and its line here; the first that recognises a file reads it. */
export const importers: readonly Importer[] = [
  k6Ndjson,
  k6Csv,
  k6Summary,
  artillery,
  jtlCsv,
  jtlXml,
  jmeterStatistics,
  locust,
  gatlingText,
  gatlingBinary,
  gatlingStats,
  oha,
  ohaCsv,
  ohaText,
  heyCsv,
  heyText,
  vegetaResults,
  vegetaReport,
  vegetaText,
  vegetaHdr,
  // Before wrk, whose first line is the same.
  autocannonText,
  wrk,
  ab,
  abGnuplot,
  siege,
  autocannon,
  fortio,
];
