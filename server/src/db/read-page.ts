import type { SelectQueryBuilder } from 'kysely';

/** Which rows of a list to read. */
export interface PageRange {
  readonly offset: number;
  readonly limit: number;
}

/** A page of a query's rows, in the order of the query, and how many rows it has in total. */
export async function readPage<Tables, Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
  { offset, limit }: PageRange,
): Promise<{ rows: Row[]; total: number }> {
  const total = await countRows(query);
  return { rows: (await query.limit(limit).offset(offset).execute()) as Row[], total };
}

/** How many rows a query has. */
export async function countRows<Tables, Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
): Promise<number> {
  const { count } = await query
    .clearSelect()
    .clearOrderBy()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .$castTo<{ count: number }>()
    .executeTakeFirstOrThrow();
  return count;
}
