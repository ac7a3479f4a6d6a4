/*
 * Catalogues as temporary tables, catalog_NAME, which checks and queries join.
 */
#ifndef REPORT_JUDGE_CATALOG_TABLE_H
#define REPORT_JUDGE_CATALOG_TABLE_H

#include "report/judge/catalog.h"
#include "store/store.h"

/* An SQL string literal of len bytes. */
void sql_text(struct buf *out, const char *p, size_t len);

/* The statement that makes the catalogue's table, without an end: a column of
 * text each. name gets the table's. */
#define CATALOG_TABLE_MAX (CATALOG_NAME_MAX + 16)
void catalog_table_sql(
    const struct catalog *k, char name[CATALOG_TABLE_MAX], struct buf *out);

/* The one that makes the index by which checks look rows up. */
void catalog_index_sql(const struct catalog *k, struct buf *out);

/* Does the SQL speak of the catalogue's table? */
bool catalog_is_named(const struct catalog *k, const char *sql);

/* Make its table on this reading connection, once. */
MUST_USE int catalog_attach(
    const struct catalog *k, struct store *reader, struct fault *f);

/* Make those that the SQL speaks of. cs may be NULL: none. */
MUST_USE int catalogs_attach_for(const struct catalogs *cs, const char *sql,
    struct store *reader, struct fault *f);

#endif
