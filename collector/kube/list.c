/*
 * One list of the API, page after page (kubernetes.io/docs/reference/
 * using-api/api-concepts: limit, continue, 410 Expired).
 *
 * All pages of a list show one state of the cluster. When the server has
 * forgotten that state (410), what came is thrown away and the list begins
 * anew; a list that cannot be read to its end leaves nothing and a gap. So
 * what is put of a list was true at one time.
 */
#include <ctype.h>
#include <string.h>

#include "collector/kube/alike.h"
#include "collector/kube/kube.h"
#include "collector/kube/kube_kinds.h"
#include "collector/kube/plain_object.h"

struct listing {
	struct kube *k;
	const struct resource *r;
	struct items items;
	long objects;		    /* of this page */
	long long subjects, denied; /* of the emitter when the list began */
	long mark;		    /* of the spool when the page began */
	bool broken; /* the spool failed, or memory: no matter of the list */
	struct keep keep; /* what is kept of every object */
	struct alike alike;
	struct buf single;	 /* of a GET of one object */
	long total;		 /* objects of all pages */
	bool twice;		 /* it was empty, and is asked a second time */
	char first[VERSION_MAX]; /* resourceVersion of the first answer */
};

/* ---- one object ---- */

static int
object_key(
    const struct resource *r, const json_t *o, struct buf *key, struct fault *f)
{
	const char *name = path_text(o, ".metadata.name");
	const char *ns = path_text(o, ".metadata.namespace");

	if (r->url && (name == NULL || name[0] == '\0'))
		name = "core";
	if (name == NULL || name[0] == '\0')
		return fault(
		    f, FAULT_FORMAT, "%s: an object without a name", r->name);
	if (r->kind != &kube_workload_kind && r->object == NULL) {
		buf_printf(key, "%s%s%s", ns != NULL ? ns : "",
		    ns != NULL ? "/" : "", name);
	} else {
		buf_printf(key, "%s/%s%s%s", r->object, ns != NULL ? ns : "",
		    ns != NULL ? "/" : "", name);
	}
	return buf_done(key, "key", f);
}

/* An object whose columns do not make an observation is told as such. */
static int
emit_object(
    struct listing *l, const char *key, const json_t *o, struct fault *f)
{
	struct emitter *e = &l->k->e;
	ATTRS_AUTO(a);
	int rc;

	fill_paths(l->r->kind, o, &a);
	if (l->r->fill != NULL)
		l->r->fill(l->r, o, &a);
	rc = emit_observed(e, l->r->kind, key, &a, l->r->path, f);
	if (rc == -1 && (f->kind == FAULT_LIMIT || f->kind == FAULT_FORMAT)) {
		struct fault why = *f;

		rc = emit_outcome(
		    e, l->r->kind, key, OUTCOME_ERROR, why.text, l->r->path, f);
	}
	return rc;
}

static int
no_json(const struct listing *l, const char *why, struct fault *f)
{
	return fault(f, FAULT_FORMAT, "%s: an object that is no JSON%s%s",
	    l->r->name, why != NULL ? ": " : "", why != NULL ? why : "");
}

/* What is left of an object as a tree; NULL with a fault. */
static json_t *
parse(const struct listing *l, const struct buf *kept, struct fault *f)
{
	json_error_t why;
	json_t *o = plain_read(kept->p, kept->len);

	if (o != NULL)
		return o;
	o = json_loadb(kept->p, kept->len, JSON_REJECT_DUPLICATES, &why);
	if (o == NULL)
		(void)no_json(l, why.text, f);
	return o;
}

/* As parse(), of an object of which other paths are wanted. */
static json_t *
reread(const struct listing *l, const struct item *item,
    const char *const *paths, struct fault *f)
{
	BUF_AUTO(kept, ITEM_MAX);
	struct keep keep;

	keep_init(&keep, paths);
	if (prune(&keep, item->p, item->len, &kept) == 0) {
		(void)no_json(l, NULL, f);
		return NULL;
	}
	return buf_done(&kept, l->r->name, f) == 0 ? parse(l, &kept, f) : NULL;
}

static int
put_object(struct listing *l, const char *key, const json_t *o, struct fault *f)
{
	if (emit_object(l, key, o, f) == 0)
		return 0;
	l->broken = true;
	return -1;
}

/* 1: what it tells is told of it alone; 0: so do others that are alike. */
static int
take_object(struct listing *l, const struct item *item, const json_t *o,
    struct fault *f)
{
	const struct resource *r = l->r;
	json_auto_t *whole = NULL;
	BUF_AUTO(key, NAME_MAX_LEN);
	bool wanted;
	int rc;

	if (object_key(r, o, &key, f) == -1)
		return -1;
	wanted = r->wanted == NULL || r->wanted(o);
	if (wanted && r->glance != NULL &&
	    (whole = reread(l, item, r->keep, f)) == NULL)
		return -1;
	if (wanted && put_object(l, key.p, whole != NULL ? whole : o, f) == -1)
		return -1;
	rc = r->also != NULL ? r->also(l->k, o, f) : 0;
	return rc == 0 && wanted ? 1 : rc;
}

static int
on_item(void *ctx, const struct item *item, struct fault *f)
{
	struct listing *l = ctx;
	json_auto_t *o = NULL;
	int rc;

	l->objects++;
	if (l->r->alike != NULL && alike_seen(&l->alike, item->kept))
		return 0;
	o = l->r->glance != NULL ? reread(l, item, l->r->glance, f)
				 : parse(l, item->kept, f);
	if (o == NULL || (rc = take_object(l, item, o, f)) == -1)
		return -1;
	if (l->r->alike != NULL && rc == 0)
		alike_add(&l->alike, item->kept);
	return 0;
}

/* ---- one page ---- */

static int
on_data(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct listing *l = ctx;

	if (l->r->verb == API_LIST)
		return items_feed(&l->items, p, len, f);
	buf_put(&l->single, p, len);
	return buf_done(&l->single, l->r->name, f);
}

static void
on_restart(void *ctx)
{
	struct listing *l = ctx;
	struct fault f;

	items_reset(&l->items);
	buf_reset(&l->single);
	l->objects = 0;
	if (spool_rewind(&l->k->spool, l->mark, &f) == -1)
		l->broken = true;
}

void
query_encode(const char *s, struct buf *out)
{
	for (; *s != '\0'; s++)
		if (isalnum((unsigned char)*s) || strchr("-._~", *s) != NULL)
			buf_putc(out, *s);
		else
			buf_printf(out, "%%%02X", (unsigned char)*s);
}

static int
page_path(const struct resource *r, const char *token, struct buf *path,
    struct fault *f)
{
	buf_puts(path, r->path);
	if (r->verb == API_LIST && !r->url)
		buf_printf(path, "%climit=%d",
		    strchr(r->path, '?') != NULL ? '&' : '?', PAGE_OBJECTS);
	if (token[0] != '\0') {
		buf_puts(path, "&continue=");
		query_encode(token, path);
	}
	return buf_done(path, r->name, f);
}

static bool
is_json(const char *type)
{
	return strncmp(type, "application/json", 16) == 0;
}

/* The answer is one object. */
static int
take_single(struct listing *l, struct fault *f)
{
	BUF_AUTO(kept, ITEM_MAX);
	struct item item = { l->single.p, l->single.len, &kept };

	if (item.p == NULL || prune(&l->keep, item.p, item.len, &kept) == 0)
		return no_json(l, NULL, f);
	if (buf_done(&kept, l->r->name, f) == -1)
		return -1;
	return on_item(l, &item, f);
}

/* Ask a page. token becomes the next one's. The answer's status tells. */
static int
ask_page(struct listing *l, char token[CONTINUE_MAX], struct api_answer *answer,
    struct fault *f)
{
	BUF_AUTO(path, API_PATH_MAX);
	struct api_get get = {
		.accept =
		    l->r->accept != NULL ? l->r->accept : "application/json",
		.data = on_data,
		.restart = on_restart,
		.ctx = l,
		.stop = l->k->stop,
	};

	l->mark = spool_mark(&l->k->spool);
	on_restart(l);
	if (page_path(l->r, token, &path, f) == -1)
		return -1;
	get.path = path.p;
	l->k->e.calls++;
	if (l->k->api.get(l->k->api.self, &get, answer, f) == -1)
		return -1;
	if (answer->status != 200)
		return 0;
	if (!is_json(answer->type))
		return fault(f, FAULT_FORMAT,
		    "%s: the answer is %.60s, not application/json", l->r->name,
		    answer->type[0] != '\0' ? answer->type : "of no type");
	if (l->r->verb == API_LIST)
		return items_end(&l->items, l->r->list, token, f);
	token[0] = '\0';
	return take_single(l, f);
}

/* ---- the list ---- */

static int
begin_anew(struct listing *l, struct fault *f)
{
	struct emitter *e = &l->k->e;

	e->subjects = l->subjects;
	e->denied = l->denied;
	l->total = 0;
	alike_forget(&l->alike);
	if (l->r->forget != NULL)
		l->r->forget(l->k);
	if (spool_rewind(&l->k->spool, 0, f) == 0)
		return 0;
	l->broken = true;
	return -1;
}

/* All pages. 0: the answer tells how it ended; 410 is for the caller. */
static int
read_pages(struct listing *l, struct api_answer *answer, struct fault *f)
{
	char token[CONTINUE_MAX] = "", before[CONTINUE_MAX];
	int empty = 0;

	for (int page = 0; page < PAGES_MAX; page++) {
		(void)strcpy(before, token);
		if (ask_page(l, token, answer, f) == -1)
			return -1;
		l->total += l->objects;
		if (answer->status != 200 || token[0] == '\0')
			return 0;
		if (strcmp(before, token) == 0)
			return fault(f, FAULT_FORMAT,
			    "%s: a page names itself as the next", l->r->name);
		empty = l->objects == 0 ? empty + 1 : 0;
		if (empty > EMPTY_PAGES_MAX)
			return fault(f, FAULT_LIMIT,
			    "%s: over %d empty pages in a row", l->r->name,
			    EMPTY_PAGES_MAX);
	}
	return fault(
	    f, FAULT_LIMIT, "%s: over %d pages", l->r->name, PAGES_MAX);
}

/* As read_pages(), a list that expired begun anew. */
static int
read_whole(struct listing *l, struct api_answer *answer, struct fault *f)
{
	for (int i = 0; i <= LIST_RESTARTS_MAX; i++) {
		if (begin_anew(l, f) == -1 || read_pages(l, answer, f) == -1)
			return -1;
		if (answer->status != 410)
			return 0;
	}
	return fault(f, FAULT_REMOTE,
	    "%s: the list expired %d times before it was read", l->r->name,
	    LIST_RESTARTS_MAX + 1);
}

/* Did the store have what this list holds in the run before? */
static bool
was_known(const struct listing *l)
{
	const struct kube *k = l->k;
	const char *object = l->r->object;
	char name[NAME_MAX_LEN + 256];

	(void)snprintf(name, sizeof(name), "%s %s%s%s", k->e.scope,
	    l->r->kind->name, object != NULL ? " " : "",
	    object != NULL ? object : "");
	if (json_object_get(k->known, name) != NULL)
		return true;
	(void)snprintf(
	    name, sizeof(name), "%s %s", k->e.scope, kube_image_kind.name);
	return l->r->makes_images && json_object_get(k->known, name) != NULL;
}

/*
 * As read_whole(); a list that had things in the run before and has none is
 * asked a second time, and what comes then holds.
 */
static int
read_list(struct listing *l, struct api_answer *answer, struct fault *f)
{
	if (read_whole(l, answer, f) == -1)
		return -1;
	if (answer->status != 200 || l->r->verb != API_LIST || l->r->url ||
	    l->total > 0 || !was_known(l))
		return 0;
	l->twice = true;
	(void)strcpy(l->first, l->items.version);
	return read_whole(l, answer, f);
}

enum outcome
answer_status(long status)
{
	return status == 401 || status == 403	? OUTCOME_DENIED
	       : status == 404			? OUTCOME_ABSENT
	       : status == 429 || status >= 500 ? OUTCOME_UNREACHABLE
						: OUTCOME_ERROR;
}

enum outcome
answer_outcome(
    const struct api_answer *a, const char *what, char reason[FAULT_TEXT_MAX])
{
	json_auto_t *doc = json_loadb(
	    a->text.p != NULL ? a->text.p : "", a->text.len, 0, NULL);
	const char *said = path_text(doc, ".message");
	BUF_AUTO(text, 1024);

	if (said != NULL)
		text_clean(&text, said, strlen(said), 300);
	(void)snprintf(reason, FAULT_TEXT_MAX, "%s: HTTP %ld%s%s", what,
	    a->status, text.len > 0 ? ": " : "", text.len > 0 ? text.p : "");
	return answer_status(a->status);
}

/* "deployments.apps", and of a list of one type of secret which one */
static void
list_key(const struct resource *r, struct buf *out)
{
	buf_puts(out, r->name);
	if (r->group[0] != '\0')
		buf_printf(out, ".%s", r->group);
	if (r->option != NULL)
		buf_printf(out, "?type=%s",
		    r->constant != NULL ? r->constant : "other");
}

/* The path; of a list that was asked twice what each answer was. */
static void
put_source(const struct listing *l, struct buf *out)
{
	buf_puts(out, l->r->path);
	if (!l->twice)
		return;
	buf_printf(out, ": empty at resourceVersion %s, asked again: ",
	    l->first[0] != '\0' ? l->first : "not named");
	if (l->total > 0)
		buf_printf(out, "%ld objects", l->total);
	else
		buf_puts(out, "empty");
	buf_printf(out, " at resourceVersion %s",
	    l->items.version[0] != '\0' ? l->items.version : "not named");
}

static int
put_list(struct listing *l, enum outcome outcome, const char *reason,
    struct fault *f)
{
	const struct resource *r = l->r;
	ATTRS_AUTO(a);
	BUF_AUTO(key, NAME_MAX_LEN);
	BUF_AUTO(source, API_PATH_MAX);

	list_key(r, &key);
	put_source(l, &source);
	if (buf_done(&key, "key", f) == -1 ||
	    buf_done(&source, "source", f) == -1)
		return -1;
	if (outcome != OUTCOME_OBSERVED)
		return emit_outcome(&l->k->e, &kube_list_kind, key.p, outcome,
		    reason, source.p, f);
	attrs_str(&a, "group", r->group);
	attrs_str(&a, "kind", r->kind->name);
	if (l->twice)
		attrs_bool(&a, "requested_again", true);
	attrs_str(&a, "resource", r->name);
	return emit_observed(&l->k->e, &kube_list_kind, key.p, &a, source.p, f);
}

static int
end_whole(struct listing *l, struct fault *f)
{
	return put_list(l, OUTCOME_OBSERVED, NULL, f);
}

/* Is it the API server that knows no such API, and not a gateway before it?
 * It has no JSON for paths it does not serve. */
static bool
is_not_installed(const struct api_answer *a)
{
	static const char plain[] = "404 page not found";
	json_auto_t *doc = json_loadb(
	    a->text.p != NULL ? a->text.p : "", a->text.len, 0, NULL);
	const char *kind = path_text(doc, ".kind");
	const char *reason = path_text(doc, ".reason");

	if (kind != NULL && reason != NULL)
		return strcmp(kind, "Status") == 0 &&
		       strcmp(reason, "NotFound") == 0;
	return a->text.len >= sizeof(plain) - 1 &&
	       memcmp(a->text.p, plain, sizeof(plain) - 1) == 0;
}

/*
 * It is not. That nothing of an API can be there because the API is not is an
 * answer in full; everything else is a gap.
 */
static int
end_short(struct listing *l, enum outcome outcome, const char *reason,
    struct fault *f)
{
	bool none = outcome == OUTCOME_ABSENT && l->r->optional;

	if (begin_anew(l, f) == -1)
		return -1;
	if (outcome == OUTCOME_ABSENT && !none)
		outcome = OUTCOME_ERROR; /* every cluster has these */
	if (!none && emit_gap(&l->k->e, l->r->kind, outcome, reason, f) == -1)
		return -1;
	if (!none && l->r->makes_images &&
	    emit_gap(&l->k->e, &kube_image_kind, outcome, reason, f) == -1)
		return -1;
	/* kubelets are asked node by node */
	if (!none && l->r->kind == &kube_node_kind &&
	    emit_gap(&l->k->e, &kube_kubelet_kind, outcome, reason, f) == -1)
		return -1;
	return put_list(l, outcome, reason, f);
}

int
list_collect(struct kube *k, const struct resource *r, struct fault *f)
{
	struct listing l = { .k = k,
		.r = r,
		.subjects = k->e.subjects,
		.denied = k->e.denied,
		.single.max = ITEM_MAX };
	struct api_answer answer = { .text.max = API_TEXT_MAX };
	char reason[FAULT_TEXT_MAX];
	enum outcome outcome;
	int rc;

	keep_init(&l.keep, r->alike != NULL ? r->alike : r->keep);
	items_init(&l.items, on_item, &l, &l.keep, r->name);
	rc = read_list(&l, &answer, f);
	if (rc == -1 && l.broken) {
		rc = -1;
	} else if (rc == -1) {
		struct fault why = *f;

		outcome = why.kind == FAULT_ABSENT ? OUTCOME_UNREACHABLE
						   : outcome_of_fault(&why);
		rc = end_short(&l, outcome, why.text, f);
	} else if (answer.status == 200) {
		rc = end_whole(&l, f);
	} else {
		outcome = answer_outcome(&answer, r->name, reason);
		if (outcome == OUTCOME_ABSENT && !is_not_installed(&answer))
			outcome = OUTCOME_ERROR;
		rc = end_short(&l, outcome, reason, f);
	}
	items_free(&l.items);
	alike_free(&l.alike);
	buf_free(&l.single);
	buf_free(&answer.text);
	return rc;
}
