/* A check as the stock sqlite3 shell runs it on a store. */
#include <string.h>

#include "report/judge/catalog_table.h"
#include "report/judge/check.h"
#include "report/judge/profile.h"

static void
put_catalog(const struct catalog *k, struct buf *out)
{
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];
	char name[CATALOG_TABLE_MAX];
	const char *p = k->rows;

	catalog_table_sql(k, name, out);
	buf_puts(out, ";\n");
	while (catalog_row(k, &p, cells)) {
		buf_printf(out, "INSERT INTO temp.%s VALUES (", name);
		for (size_t i = 0; i < k->ncolumns; i++) {
			buf_puts(out, i > 0 ? ", " : "");
			if (cells[i].len == 0)
				buf_puts(out, "NULL");
			else
				sql_text(out, cells[i].p, cells[i].len);
		}
		buf_puts(out, ");\n");
	}
}

static void
put_parameters(const struct checks *cs, struct buf *out)
{
	buf_puts(out, "CREATE TEMP TABLE parameter(name TEXT PRIMARY KEY, "
		      "value TEXT);\n");
	for (size_t i = 0; i < cs->nparameters; i++) {
		buf_puts(out, "INSERT INTO temp.parameter VALUES (");
		sql_text(out, cs->parameters[i].name,
		    strlen(cs->parameters[i].name));
		buf_puts(out, ", ");
		sql_text(out, cs->parameters[i].value,
		    strlen(cs->parameters[i].value));
		buf_puts(out, ");\n");
	}
}

int
check_script(const struct checks *cs, const struct check *k, struct buf *out,
    struct fault *f)
{
	buf_printf(out,
	    "-- Check %s on the newest state of a store: exhibit show --views "
	    "COPY,\n-- then sqlite3 -readonly COPY <THIS. What stands only "
	    "because a later answer\n-- could not give its kind, or was last "
	    "observed too long ago, is unknown in a\n-- report whatever this "
	    "says.\n"
	    "BEGIN;\n"
	    "CREATE TEMP TABLE asked AS SELECT max(ended) AS as_of, max(ended) "
	    "AS made,\n       max(run) AS run, NULL AS judgement FROM ended;\n",
	    k->id);
	put_parameters(cs, out);
	for (size_t i = 0; i < cs->catalogs.n; i++)
		if (catalog_is_named(&cs->catalogs.list[i], k->text))
			put_catalog(&cs->catalogs.list[i], out);
	check_sql(k, k->text, out);
	if (out->len > 0 && k->coded.ncodes > 0)
		buf_puts(out, ";\n");
	buf_puts(out, "COMMIT;\n");
	return buf_done(out, k->id, f);
}
