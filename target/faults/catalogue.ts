import { faults } from './index.ts';
import type { Needs, Parameters } from './fault.ts';

/** A fault as those see it who do not run it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly title: string;
  readonly bottleneck: string;
  readonly alsoRight: readonly string[];
  readonly needs: Needs;
  readonly endpoint?: string;
  readonly parameters: Parameters;
}

/** What faults there are; the field names are a contract. */
export interface Catalogue {
  readonly format: 'plimsoll.faults.v1';
  readonly faults: readonly CatalogueEntry[];
}

export const catalogue = (): Catalogue => ({
  format: 'plimsoll.faults.v1',
  faults: faults.map(({ name, title, bottleneck, alsoRight = [], needs = {}, endpoint, parameters }) => ({
    name,
    title,
    bottleneck,
    alsoRight,
    needs,
    ...(endpoint !== undefined && { endpoint }),
    parameters,
  })),
});
