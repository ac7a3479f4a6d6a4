/* See oscal_parts.h: the writer every part of the document is written with. */
#include "report/format/oscal_parts.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utc.h"

void
pen_fault(struct pen *p, enum fault_kind kind, const char *fmt, ...)
{
	char text[FAULT_TEXT_MAX];
	va_list ap;

	if (p->failed)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	p->failed = true;
	(void)fault(p->f, kind, "%s", text);
}

void
pen_wrote(struct pen *p, int rc)
{
	if (rc < 0)
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
}

void
pen_begin(struct pen *p, const char *name)
{
	if (!p->failed)
		pen_wrote(p, xmlTextWriterStartElement(p->w, BAD_CAST name));
}

void
pen_end(struct pen *p)
{
	if (!p->failed)
		pen_wrote(p, xmlTextWriterEndElement(p->w));
}

static bool
is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	return len > 0 && len <= TEXT_MAX && s[0] != ' ' && s[len - 1] != ' ';
}

/* text_clean() and what XML 1.0 section 2.2 lacks besides: U+FFFE, U+FFFF. */
static void
clean_xml(struct buf *out, struct buf *tmp, const char *s, size_t max)
{
	buf_reset(tmp);
	text_clean(tmp, s, strlen(s), max);
	for (size_t i = 0; i < tmp->len; i++) {
		const char *c = tmp->p + i;

		if (strncmp(c, "\xef\xbf\xbe", 3) == 0 ||
		    strncmp(c, "\xef\xbf\xbf", 3) == 0) {
			buf_printf(out, "\\xef\\xbf\\x%02x", c[2] & 0xff);
			i += 2;
		} else {
			buf_putc(out, *c);
		}
	}
}

const char *
pen_line(struct pen *p, const char *s)
{
	struct buf *b = &p->line;

	if (s == NULL || *s == '\0')
		return "(empty)";
	if (is_plain(s, strlen(s)))
		return s;
	buf_reset(&p->clean);
	clean_xml(&p->clean, b, s, TEXT_MAX);
	buf_reset(b);
	for (size_t i = 0; i < p->clean.len; i++) {
		char c = p->clean.p[i];

		if (c == ' ' && (i == 0 || i == p->clean.len - 1))
			buf_puts(b, "\\x20");
		else if (c == '\n' || c == '\t')
			buf_puts(b, c == '\n' ? "\\n" : "\\t");
		else
			buf_putc(b, c);
	}
	if (p->clean.failed != FAULT_NONE || b->failed != FAULT_NONE) {
		pen_fault(p, FAULT_IO, "OSCAL: a text out of memory");
		return "-";
	}
	return b->p;
}

void
pen_attr(struct pen *p, const char *name, const char *value)
{
	if (!p->failed)
		pen_wrote(p, xmlTextWriterWriteAttribute(p->w, BAD_CAST name,
				 BAD_CAST pen_line(p, value)));
}

void
pen_text(struct pen *p, const char *s)
{
	if (!p->failed)
		pen_wrote(p, xmlTextWriterWriteString(p->w, BAD_CAST s));
}

void
pen_leaf(struct pen *p, const char *name, const char *value)
{
	pen_begin(p, name);
	pen_text(p, pen_line(p, value));
	pen_end(p);
}

void
pen_leaff(struct pen *p, const char *name, const char *fmt, ...)
{
	BUF_AUTO(b, 4 * TEXT_MAX);
	char *to = buf_reserve(&b, 4 * TEXT_MAX);
	va_list ap;

	if (to == NULL) {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(to, 4 * TEXT_MAX, fmt, ap);
	va_end(ap);
	pen_leaf(p, name, to);
}

void
pen_block(struct pen *p, const char *name, const char *s)
{
	char *copy, *rest;

	if ((copy = strdup(s != NULL && *s != '\0' ? s : "Not stated.")) ==
	    NULL) {
		pen_fault(p, FAULT_IO, "OSCAL: out of memory");
		return;
	}
	rest = copy;
	pen_begin(p, name);
	for (char *one; (one = strsep(&rest, "\n")) != NULL;)
		if (one[strspn(one, " \t\r")] != '\0')
			pen_leaf(p, "p", one);
	pen_end(p);
	free(copy);
}

void
pen_verbatim(struct pen *p, const char *s)
{
	BUF_AUTO(out, 8 * OSCAL_BLOCK_MAX);
	BUF_AUTO(tmp, 8 * OSCAL_BLOCK_MAX);

	clean_xml(&out, &tmp, s, OSCAL_BLOCK_MAX);
	if (out.failed != FAULT_NONE || tmp.failed != FAULT_NONE)
		pen_fault(p, FAULT_LIMIT, "OSCAL: a note is too long");
	pen_begin(p, "description");
	pen_begin(p, "pre");
	pen_text(p, out.len > 0 ? out.p : "");
	pen_end(p);
	pen_end(p);
}

void
pen_prop_begin(
    struct pen *p, const char *name, const char *class, const char *value)
{
	pen_begin(p, "prop");
	pen_attr(p, "ns", OSCAL_OWN_NS);
	pen_attr(p, "name", name);
	pen_attr(p, "value", value);
	if (class != NULL)
		pen_attr(p, "class", class);
}

void
pen_prop(struct pen *p, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	pen_prop_begin(p, name, NULL, value);
	pen_end(p);
}

void
pen_prop_number(struct pen *p, const char *name, long long v)
{
	char s[24];

	(void)snprintf(s, sizeof(s), "%lld", v);
	pen_prop(p, name, s);
}

void
pen_prop_count(struct pen *p, const char *name, size_t v)
{
	pen_prop_number(p, name, (long long)v);
}

void
pen_prop_oscal(struct pen *p, const char *name, const char *value)
{
	pen_begin(p, "prop");
	pen_attr(p, "name", name);
	pen_attr(p, "value", value);
	pen_end(p);
}

bool
pen_is_time(const char *s)
{
	int64_t t;

	return s != NULL && strlen(s) == UTC_LEN - 1 && utc_parse(s, &t) == 0 &&
	       (s[0] == '1' || s[0] == '2');
}

const char *
pen_when(const struct pen *p, const char *s)
{
	return pen_is_time(s) ? s : p->m->made;
}

void
pen_token(const char *s, char out[NAME_LEN])
{
	size_t n = 0;

	if (s == NULL)
		s = "";
	if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')))
		out[n++] = '_';
	for (; *s != '\0' && n < NAME_LEN - 1; s++) {
		char c = *s;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '.' || c == '-' || c == '_')
			out[n++] = c;
		else if (c == '(')
			out[n++] = '.';
		else if (c != ')' && c != ' ')
			out[n++] = '-';
	}
	out[n] = '\0';
}

void
pen_uuid(struct pen *p, char out[UUID_LEN], const char *fmt, ...)
{
	char name[NAME_LEN];
	va_list ap;
	int n;

	out[0] = '\0';
	n = snprintf(name, sizeof(name), "%s/", p->m->uuid);
	assert(n > 0 && (size_t)n < sizeof(name) / 2);
	va_start(ap, fmt);
	(void)vsnprintf(name + n, sizeof(name) - (size_t)n, fmt, ap);
	va_end(ap);
	if (!p->failed && uuid_of(p->crypto, name, out, p->f) == -1)
		p->failed = true;
}

void
pen_attr_ref(struct pen *p, const char *name, const char *id)
{
	char ref[UUID_LEN + 1];

	(void)snprintf(ref, sizeof(ref), "#%s", id);
	pen_attr(p, name, ref);
}
