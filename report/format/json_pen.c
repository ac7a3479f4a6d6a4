/* See json_pen.h. */
#include "report/format/json_pen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

#define CLEAN_MAX (8UL * 64 * 1024)
#define FORMATTED_MAX (64UL * 1024)

void
json_pen_begin(struct json_pen *w, struct buf *out)
{
	*w = (struct json_pen){
		.out = out, .clean = { .max = CLEAN_MAX }, .start = out->len
	};
}

int
json_pen_end(struct json_pen *w, const char *what, struct fault *f)
{
	int rc;

	buf_putc(w->out, '\n');
	rc = buf_done(w->out, what, f);
	if (rc == -1 && w->out->p != NULL) {
		w->out->len = w->start;
		w->out->p[w->start] = '\0';
	}
	buf_free(&w->clean);
	return rc;
}

static void
comma(struct json_pen *w)
{
	if (w->more)
		buf_putc(w->out, ',');
	w->more = true;
}

void
json_pen_open(struct json_pen *w, char bracket)
{
	comma(w);
	buf_putc(w->out, bracket);
	w->more = false;
}

void
json_pen_close(struct json_pen *w, char bracket)
{
	buf_putc(w->out, bracket);
	w->more = true;
}

void
json_pen_key(struct json_pen *w, const char *name)
{
	comma(w);
	buf_printf(w->out, "\n\"%s\":", name);
	w->more = false;
}

void
json_pen_text(struct json_pen *w, const char *s)
{
	comma(w);
	if (s == NULL) {
		buf_puts(w->out, "null");
		return;
	}
	buf_reset(&w->clean);
	text_clean(&w->clean, s, strlen(s), w->clean.max / 8);
	if (w->clean.failed != FAULT_NONE)
		w->out->failed = w->clean.failed;
	json_quote(w->out, w->clean.len > 0 ? w->clean.p : "", w->clean.len);
}

void
json_pen_textf(struct json_pen *w, const char *fmt, ...)
{
	BUF_AUTO(b, FORMATTED_MAX);
	char *to = buf_reserve(&b, FORMATTED_MAX - 1);
	va_list ap;

	if (to == NULL) {
		w->out->failed = b.failed;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(to, FORMATTED_MAX - 1, fmt, ap);
	va_end(ap);
	json_pen_text(w, to);
}

void
json_pen_number(struct json_pen *w, long long n)
{
	comma(w);
	buf_printf(w->out, "%lld", n);
}

void
json_pen_raw(struct json_pen *w, const char *json)
{
	comma(w);
	buf_puts(w->out, json);
}

void
json_pen_pair(struct json_pen *w, const char *name, const char *value)
{
	json_pen_key(w, name);
	json_pen_text(w, value);
}

void
json_pen_count(struct json_pen *w, const char *name, size_t n)
{
	json_pen_key(w, name);
	json_pen_number(w, (long long)n);
}

void
json_pen_member(struct json_pen *w, const char *name, char bracket)
{
	json_pen_key(w, name);
	json_pen_open(w, bracket);
}
