/**
 * `npm run lab:pictures -- FOLDER`, after `plimsoll lab grade --runs 1 --record FOLDER`: what the pictures of docs/lab are drawn from.
 * Without a folder, runs of other systems that have the same fault. Then `PLIMSOLL_GOLDEN=write npm test -- test/lib/lab` draws.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCatalogue, labFaults, type LabFault } from '../../../lib/lab/catalogue.ts';
import type { Report } from '../../../lib/report/report.ts';
import { catalogue } from '../../../target/faults/catalogue.ts';
import { reportFrom, reportOfRun } from '../report/recorded-report.ts';
import { pictureOf } from './picture.ts';
import { PICTURES } from './pictures.ts';

/** Recorded systems (test/lib/analysis/diagnosis/recorded) in which the same thing was planted. */
const SAME: Readonly<Record<string, string>> = {
  blocking: 'fa-block',
  'cache-outage': 'go-cacheout',
  'cache-stampede': 'go-stampede',
  'connection-leak': 'go-leak',
  'cpu-intensive': 'go-cpu',
  'db-pool-exhaust': 'go-pool',
  'downstream-failing': 'go-dfail',
  'downstream-hanging': 'go-dhang',
  'downstream-slow': 'go-dslow',
  garbage: 'go-gc',
  healthy: 'go-healthy',
  'hot-row': 'go-hotrow',
  'large-responses': 'go-big',
  'memory-leak': 'go-memleak',
  'n-plus-one': 'go-n1',
  'rate-limit': 'go-ratelimit',
  'retry-storm': 'go-retry',
};

const LANGUAGES: Readonly<Record<string, string>> = { go: 'Go', fa: 'Python' };

const faults = labFaults(parseCatalogue(JSON.parse(JSON.stringify(catalogue())), 'target/faults'));
const dayOf = ({ summary }: Report): string => summary.run.startedAt.slice(0, 10);

function write({ name, bottleneck, alsoRight }: LabFault, report: Report, caption: string): void {
  const picture = pictureOf(report, [bottleneck, ...alsoRight], caption);
  writeFileSync(new URL(`${name}.json`, PICTURES), `${JSON.stringify(picture)}\n`);
}

/** Of several runs of a fault the first. */
async function fromLab(folder: string): Promise<void> {
  for (const fault of faults) {
    const first = readdirSync(folder)
      .toSorted()
      .find((each) => new RegExp(`^${fault.name}-\\d+$`).test(each));
    if (first === undefined) continue;
    const label = JSON.parse(readFileSync(join(folder, first, 'label.json'), 'utf8')) as { readonly fault: string };
    if (label.fault !== fault.name) throw new Error(`${first} is a run of ${label.fault}`);
    const report = await reportFrom(join(folder, first));
    write(fault, report, `The lab's service, ${dayOf(report)}.`);
  }
}

async function fromOthers(): Promise<void> {
  const { recordedSystems, seenAs } = await import('../analysis/diagnosis/recorded.ts');
  for (const fault of faults) {
    const system = recordedSystems.find(({ name }) => name === SAME[fault.name]);
    if (system === undefined) continue;
    const facts = { id: system.name, planSha256: '', target: '' };
    const report = reportOfRun(seenAs('full', system), facts);
    const language = LANGUAGES[system.name.slice(0, 2)];
    write(fault, report, `A shop in ${language} which has the same fault built in, ${dayOf(report)}.`);
  }
}

const [folder] = process.argv.slice(2);
await (folder === undefined ? fromOthers() : fromLab(folder));
