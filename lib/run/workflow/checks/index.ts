import { messageOf } from '../../../errors.ts';
import { runKeys } from '../../archive/keys.ts';
import type { Store } from '../../archive/store.ts';
import type { Answer, ChecklistItem, ChecklistContext } from './check.ts';
import {
  balancerActive,
  cacheReached,
  databaseAvailable,
  databaseReached,
  quotaHolds,
  snapshotFresh,
  stillSupported,
  targetAnswers,
  tasksSteady,
} from './system.ts';
import { alarmsQuiet, cleanData, monitoringOn } from './watch.ts';

/** The checklist, in the order in which it is read. A new item is declared beside its like, and added here. */
const checklistItems: readonly ChecklistItem[] = [
  targetAnswers,
  databaseReached,
  cacheReached,
  balancerActive,
  tasksSteady,
  databaseAvailable,
  snapshotFresh,
  quotaHolds,
  stillSupported,
  alarmsQuiet,
  monitoringOn,
  cleanData,
];

const CHECKLIST_FORMAT = 'plimsoll.checklist.v1';

/** One line of the checklist: what was asked, how it came out, and why. */
export interface CheckedItem extends Answer {
  readonly id: string;
  readonly item: string;
}

/**
 * The checklist before a test, every item asked, all at once. One that can't be asked fails: without an answer there is
 * no evidence that all is well.
 */
export async function runChecklist(context: ChecklistContext): Promise<CheckedItem[]> {
  return await Promise.all(
    checklistItems.map(async (check) => {
      const { id, item } = check;
      const answer = await check.ask(context).catch((error: unknown): Answer => {
        return { verdict: 'fail', why: `it could not be asked: ${messageOf(error)}` };
      });
      return { id, item, ...answer };
    }),
  );
}

/** Stores `checklist.json` of the run, whether the checks passed or failed. */
export const storeChecklist = async (store: Store, run: string, items: readonly CheckedItem[]): Promise<void> =>
  void (await store.put(runKeys(run).file('checklist.json'), JSON.stringify({ format: CHECKLIST_FORMAT, items })));
