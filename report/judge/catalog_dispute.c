/* See catalog_dispute.h. */
#include "report/judge/catalog_dispute.h"

#include <ctype.h>
#include <string.h>

#include "base/length.h"

struct dispute {
	const struct catalog *had, *now;
	struct buf *words;
	size_t n;
};

bool
catalog_says_the_same(const struct catalog_cell *had, const char *now)
{
	size_t i = 0;

	for (;;) {
		while (i < had->len && !isalnum((unsigned char)had->p[i]))
			i++;
		while (*now != '\0' && !isalnum((unsigned char)*now))
			now++;
		if (i == had->len || *now == '\0')
			return i == had->len && *now == '\0';
		if (tolower((unsigned char)had->p[i++]) !=
		    tolower((unsigned char)*now++))
			return false;
	}
}

static size_t
column_of(const struct catalog *k, const char *name)
{
	for (size_t i = 0; i < k->ncolumns; i++)
		if (strcmp(k->columns[i], name) == 0)
			return i;
	return CATALOG_COLUMNS_MAX;
}

/* The column's cell; empty where the catalogue has no such column. */
static struct catalog_cell
cell_of(const struct catalog *k, const struct catalog_cell *cells,
    const char *column)
{
	size_t c = column_of(k, column);

	return c < k->ncolumns ? cells[c] : (struct catalog_cell){ "", 0 };
}

static bool
cells_equal(const struct catalog_cell *a, const struct catalog_cell *b)
{
	return a->len == b->len && memcmp(a->p, b->p, a->len) == 0;
}

/* The row that has the same in these columns. */
static bool
find_row(const struct dispute *d, const struct catalog_cell *had,
    const char *const *columns, size_t n,
    struct catalog_cell out[CATALOG_COLUMNS_MAX])
{
	const char *p = d->now->rows;

	while (catalog_row(d->now, &p, out)) {
		size_t same = 0;

		for (size_t i = 0; i < n; i++) {
			struct catalog_cell a =
			    cell_of(d->had, had, columns[i]);
			struct catalog_cell b =
			    cell_of(d->now, out, columns[i]);

			same += cells_equal(&a, &b);
		}
		if (same == n)
			return true;
	}
	return false;
}

static void
say(struct dispute *d, const char *between)
{
	buf_puts(d->words, d->n++ > 0 ? "; " : "");
	buf_puts(d->words, between);
}

static void
compare_cell(struct dispute *d, const struct catalog_cell *number,
    const char *column, const struct catalog_cell *had,
    const struct catalog_cell *now)
{
	char text[512];

	if (had->len == 0)
		return;
	(void)snprintf(text, sizeof(text), "%.*s",
	    (int)(now->len < sizeof(text) ? now->len : sizeof(text) - 1),
	    now->p);
	if (now->len < sizeof(text) && catalog_says_the_same(had, text))
		return;
	say(d, "certificate #");
	buf_printf(d->words, "%.*s: %s '%s', known as '%.*s'", (int)number->len,
	    number->p, column, text, (int)had->len, had->p);
}

static void
dispute_certificates(struct dispute *d)
{
	static const char *const key[] = { "certificate" };
	static const char *const compared[] = { "module", "vendor", "standard",
		"level", "validated", "sunset" };
	struct catalog_cell had[CATALOG_COLUMNS_MAX], now[CATALOG_COLUMNS_MAX];
	const char *p = d->had->rows;

	while (catalog_row(d->had, &p, had)) {
		struct catalog_cell number = cell_of(d->had, had, key[0]);

		if (number.len == 0)
			continue;
		if (!find_row(d, had, key, 1, now)) {
			say(d, "certificate #");
			buf_printf(d->words, "%.*s is gone", (int)number.len,
			    number.p);
			continue;
		}
		for (size_t i = 0; i < LENGTH(compared); i++) {
			struct catalog_cell a =
			    cell_of(d->had, had, compared[i]);
			struct catalog_cell b =
			    cell_of(d->now, now, compared[i]);

			compare_cell(d, &number, compared[i], &a, &b);
		}
	}
}

static void
dispute_statuses(struct dispute *d)
{
	static const char *const key[] = { "certificate", "status",
		"observed" };
	struct catalog_cell had[CATALOG_COLUMNS_MAX], now[CATALOG_COLUMNS_MAX];
	const char *p = d->had->rows;

	while (catalog_row(d->had, &p, had)) {
		struct catalog_cell number = cell_of(d->had, had, key[0]);
		struct catalog_cell status = cell_of(d->had, had, key[1]);
		struct catalog_cell day = cell_of(d->had, had, key[2]);

		if (find_row(d, had, key, LENGTH(key), now))
			continue;
		say(d, "certificate #");
		buf_printf(d->words, "%.*s: that it was %.*s on %.*s is gone",
		    (int)number.len, number.p, (int)status.len, status.p,
		    (int)day.len, day.p);
	}
}

size_t
catalog_dispute(const struct catalogs *known, const struct catalogs *fresh,
    struct buf *words)
{
	static const struct {
		const char *name;
		void (*of)(struct dispute *);
	} tables[] = { { "cmvp-certificates", dispute_certificates },
		{ "cmvp-status", dispute_statuses } };
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(tables); i++) {
		struct dispute d = { catalogs_find(known, tables[i].name),
			catalogs_find(fresh, tables[i].name), words, n };

		if (d.had != NULL && d.now != NULL &&
		    strcmp(d.had->sha256, d.now->sha256) != 0)
			tables[i].of(&d);
		n = d.n;
	}
	return n;
}

static bool
has_column(const struct catalog *k, const char *name)
{
	for (size_t i = 0; i < k->ncolumns; i++)
		if (strcmp(k->columns[i], name) == 0)
			return true;
	return false;
}

const char *
catalog_lacks(const struct catalog *k, const struct catalog *had)
{
	for (size_t i = 0; i < had->ncolumns; i++)
		if (!has_column(k, had->columns[i]))
			return had->columns[i];
	return NULL;
}
