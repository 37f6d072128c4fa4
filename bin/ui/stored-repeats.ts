import { basename } from 'node:path';
import { z } from 'zod';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { REPEATS_FORMAT, type Repeats } from '../../lib/analysis/compare/repeats.ts';
import { jsonAt } from '../../lib/run/archive/store.ts';
import { foldersIn } from '../local/run-folders.ts';

/** What `plimsoll run --repeat` has left beside its runs, under the name of their folder. */
export interface StoredRepeats {
  readonly name: string;
  readonly repeats: Repeats;
}

const format = z.looseObject({ format: z.literal(REPEATS_FORMAT) });

/** Of every folder below that of the runs; none of a series that goes on still. @throws PlimsollError E-STORE-DAMAGED */
export async function storedRepeats(runs: string): Promise<readonly StoredRepeats[]> {
  const found = await Promise.all(
    (await foldersIn(runs)).map(async (path) => {
      const repeats = await jsonAt(new FolderStore(path), 'repeats.json', (value) => {
        format.parse(value);
        return value as Repeats;
      });
      return repeats === undefined ? [] : [{ name: basename(path), repeats }];
    }),
  );
  return found.flat();
}
