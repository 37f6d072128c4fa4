import { type Fault, integer, valueOf } from '../fault.ts';

const page = { name: 'lab-page', text: 'SELECT id FROM jobs ORDER BY id DESC LIMIT $1' };
const bidsOfJob = { name: 'lab-bids-of-job', text: 'SELECT id, amount_cents FROM bids WHERE job_id = $1 ORDER BY id' };

export const nPlusOne: Fault = {
  name: 'n-plus-one',
  title: 'A page of jobs asks once more for each of its rows',
  bottleneck: 'database.statements',
  // Many short statements take the CPUs of both ends; their number is the finding, whichever of the two is short of CPU first.
  alsoRight: ['database.cpu', 'service.cpu', 'service.event-loop'],
  parameters: { rows: integer(100, 1, 1_000) },
  disturbs: ['GET /api/jobs'],
  work: async ({ services: { database } }, values) => {
    const jobs = await database.rows<{ id: number }>(page, [valueOf(values, 'rows')]);
    for (const { id } of jobs) await database.rows(bidsOfJob, [id]);
    return { statements: jobs.length + 1 };
  },
};
