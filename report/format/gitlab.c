/* See gitlab.h. */
#include "report/format/gitlab.h"

#include "report/format/finding_place.h"
#include "report/format/json_pen.h"
#include "report/format/severity.h"

struct writing {
	struct json_pen pen;
	struct crypto *crypto;
};

static int
put_finding(void *ctx, const struct model *m, const struct model_group *g,
    const struct place *place, struct fault *f)
{
	struct writing *w = ctx;
	const struct model_check *k = &m->checks[g->check];
	char print[SHA256_HEX];
	BUF_AUTO(file, PLACE_URI_MAX);

	if (finding_print(w->crypto, m, g, place, print, f) == -1)
		return -1;
	place_path(&file, m, place);
	if (buf_done(&file, "path", f) == -1)
		return -1;
	json_pen_open(&w->pen, '{');
	json_pen_pair(&w->pen, "check_name", k->id);
	json_pen_key(&w->pen, "description");
	json_pen_textf(&w->pen, "%s%s: %s",
	    g->verdict == VERDICT_UNKNOWN ? "Unknown: " : "", k->title,
	    g->reason);
	json_pen_pair(&w->pen, "fingerprint", print);
	json_pen_pair(
	    &w->pen, "severity", severity_word(k->severity, SEVERITY_GITLAB));
	json_pen_member(&w->pen, "location", '{');
	json_pen_pair(&w->pen, "path", file.p);
	json_pen_member(&w->pen, "lines", '{');
	json_pen_count(
	    &w->pen, "begin", place->file != NULL ? (size_t)place->line : 1);
	json_pen_close(&w->pen, '}');
	json_pen_close(&w->pen, '}');
	json_pen_close(&w->pen, '}');
	return 0;
}

int
gitlab_write(
    const struct model *m, struct crypto *c, struct buf *out, struct fault *f)
{
	struct writing w = { .crypto = c };
	int rc;

	json_pen_begin(&w.pen, out);
	json_pen_open(&w.pen, '[');
	rc = model_places(m, put_finding, &w, f);
	json_pen_close(&w.pen, ']');
	return json_pen_end(&w.pen, "GitLab report", f) == -1 ? -1 : rc;
}
