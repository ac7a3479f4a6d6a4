/* See catalog_table.h. */
#include "report/judge/catalog_table.h"

#include <stdio.h>
#include <string.h>

#include "report/judge/asked.h"
#include "report/judge/own.h"

static void
table_name(const struct catalog *k, char out[CATALOG_TABLE_MAX])
{
	(void)snprintf(out, CATALOG_TABLE_MAX, "catalog_%s", k->name);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '-')
			*p = '_';
}

bool
catalog_is_named(const struct catalog *k, const char *sql)
{
	char name[CATALOG_TABLE_MAX];
	size_t len;

	table_name(k, name);
	len = strlen(name);
	for (const char *p = sql; (p = strstr(p, name)) != NULL; p += len)
		if (p[len] != '_' && (p[len] < 'a' || p[len] > 'z') &&
		    (p[len] < '0' || p[len] > '9'))
			return true;
	return false;
}

static int
fill(const struct catalog *k, sqlite3_stmt *row, struct store *reader,
    struct fault *f)
{
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];
	const char *p = k->rows;

	while (catalog_row(k, &p, cells)) {
		for (size_t i = 0; i < k->ncolumns; i++)
			if (cells[i].len == 0)
				sqlite3_bind_null(row, (int)i + 1);
			else
				sqlite3_bind_text(row, (int)i + 1, cells[i].p,
				    (int)cells[i].len, SQLITE_STATIC);
		if (sqlite3_step(row) != SQLITE_DONE)
			return store_fault(reader, k->name, f);
		(void)sqlite3_reset(row);
	}
	return 0;
}

void
sql_text(struct buf *out, const char *p, size_t len)
{
	buf_putc(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (p[i] == '\'')
			buf_putc(out, '\'');
		buf_putc(out, p[i]);
	}
	buf_putc(out, '\'');
}

void
catalog_table_sql(
    const struct catalog *k, char name[CATALOG_TABLE_MAX], struct buf *out)
{
	table_name(k, name);
	buf_printf(out, "CREATE TEMP TABLE %s(", name);
	for (size_t i = 0; i < k->ncolumns; i++)
		buf_printf(
		    out, "%s\"%s\" TEXT", i > 0 ? ", " : "", k->columns[i]);
	buf_puts(out, ")");
}

/* The first two columns are what a row is looked up by, for each subject. */
void
catalog_index_sql(const struct catalog *k, struct buf *out)
{
	char name[CATALOG_TABLE_MAX];

	table_name(k, name);
	buf_printf(out, "CREATE INDEX temp.%s_key ON %s(\"%s\"", name, name,
	    k->columns[0]);
	if (k->ncolumns > 1)
		buf_printf(out, ", \"%s\"", k->columns[1]);
	buf_puts(out, ")");
}

/* CREATE TABLE, and INSERT of as many columns. */
static int
statements(const struct catalog *k, struct buf *create, struct buf *insert,
    struct fault *f)
{
	char name[CATALOG_TABLE_MAX];

	catalog_table_sql(k, name, create);
	buf_puts(create, "; ");
	catalog_index_sql(k, create);
	buf_printf(insert, "INSERT INTO temp.%s VALUES (?", name);
	for (size_t i = 1; i < k->ncolumns; i++)
		buf_puts(insert, ", ?");
	buf_puts(insert, ")");
	return buf_done(create, k->name, f) == -1
		   ? -1
		   : buf_done(insert, k->name, f);
}

int
catalog_attach(const struct catalog *k, struct store *reader, struct fault *f)
{
	sqlite3 *db = store_db(reader);
	sqlite3_stmt *row = NULL;
	char name[CATALOG_TABLE_MAX];
	int rc;
	BUF_AUTO(create, 8192);
	BUF_AUTO(insert, 8192);

	table_name(k, name);
	if ((rc = reader_has_table(reader, name, f)) != 0)
		return rc == 1 ? 0 : -1;
	if (statements(k, &create, &insert, f) == -1)
		return -1;
	if (sqlite3_exec(db, create.p, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "SAVEPOINT catalog", NULL, NULL, NULL) !=
		SQLITE_OK ||
	    sqlite3_prepare_v2(db, insert.p, -1, &row, NULL) != SQLITE_OK)
		return store_fault(reader, k->name, f);
	rc = fill(k, row, reader, f);
	(void)sqlite3_finalize(row);
	if (sqlite3_exec(db, "RELEASE catalog", NULL, NULL, NULL) !=
		SQLITE_OK &&
	    rc == 0)
		rc = store_fault(reader, k->name, f);
	return rc;
}

int
catalogs_attach_for(const struct catalogs *cs, const char *sql,
    struct store *reader, struct fault *f)
{
	for (size_t i = 0; cs != NULL && i < cs->n; i++)
		if (catalog_is_named(&cs->list[i], sql) &&
		    catalog_attach(&cs->list[i], reader, f) == -1)
			return -1;
	return own_attach_for(sql, reader, f);
}
