/* A check as the stock sqlite3 shell runs it on a store. */
#include <string.h>

#include "report/judge/check.h"
#include "report/judge/profile.h"

static void
put_cell(struct buf *out, const char *p, size_t len)
{
	if (len == 0) {
		buf_puts(out, "NULL");
		return;
	}
	buf_putc(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (p[i] == '\'')
			buf_putc(out, '\'');
		buf_putc(out, p[i]);
	}
	buf_putc(out, '\'');
}

static void
put_catalog(const struct catalog *k, struct buf *out)
{
	struct catalog_cell cells[CATALOG_COLUMNS_MAX];
	const char *p = k->rows;
	BUF_AUTO(name, CATALOG_NAME_MAX + 16);

	buf_puts(&name, "catalog_");
	for (const char *s = k->name; *s != '\0'; s++)
		buf_putc(&name, *s == '-' ? '_' : *s);
	buf_printf(out, "CREATE TEMP TABLE %s(", name.p != NULL ? name.p : "");
	for (size_t i = 0; i < k->ncolumns; i++)
		buf_printf(
		    out, "%s\"%s\" TEXT", i > 0 ? ", " : "", k->columns[i]);
	buf_puts(out, ");\n");
	while (catalog_row(k, &p, cells)) {
		buf_printf(out, "INSERT INTO temp.%s VALUES (", name.p);
		for (size_t i = 0; i < k->ncolumns; i++) {
			buf_puts(out, i > 0 ? ", " : "");
			put_cell(out, cells[i].p, cells[i].len);
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
		put_cell(out, cs->parameters[i].name,
		    strlen(cs->parameters[i].name));
		buf_puts(out, ", ");
		put_cell(out, cs->parameters[i].value,
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
