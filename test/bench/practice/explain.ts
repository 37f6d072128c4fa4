import type { Client } from 'pg';

/** What `EXPLAIN (ANALYZE, BUFFERS)` said of a statement. */
export interface Explained {
  /** The kinds of node that read tables, from the outside in. */
  readonly how: string;
  /** 8 kB each, in memory or from disk. */
  readonly blocks: number;
  /** Median of the executions. */
  readonly ms: number;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface ExplainRow {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: PlanNode; readonly 'Execution Time': number }];
}

const TIMES = 5;

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Executes a statement five times, after once that brings its rows into memory; one that writes is undone each time. */
export async function explain(client: Pick<Client, 'query'>, statement: string): Promise<Explained> {
  const times: number[] = [];
  let plan: PlanNode | undefined;
  for (let time = 0; time <= TIMES; time += 1) {
    await client.query('SAVEPOINT before_it');
    const { rows } = await client.query<ExplainRow>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`);
    await client.query('ROLLBACK TO SAVEPOINT before_it');
    const explained = rows[0]?.['QUERY PLAN'][0];
    if (explained === undefined) throw new Error(`no plan for ${statement}`);
    plan = explained.Plan;
    if (time > 0) times.push(explained['Execution Time']);
  }
  if (plan === undefined) throw new Error('nothing was executed');
  const reading = nodesOf(plan).filter(({ 'Node Type': type }) => type.endsWith('Scan'));
  return {
    how: [...new Set(reading.map(({ 'Node Type': type }) => type))].join(', '),
    blocks: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
    ms: times.toSorted((a, b) => a - b)[(TIMES - 1) / 2] ?? Number.NaN,
  };
}
