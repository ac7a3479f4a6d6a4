/* A report without names: see redact.h. */
#include "report/package/redact.h"

#include <stdio.h>
#include <string.h>

#include "base/length.h"
#include "base/arena.h"

/* Columns whose values name nothing: systems, kernels, modules, settings. */
static const char *const kept[] = { "arch", "fips_name", "fips_version",
	"kernel_release", "os_build", "os_family", "os_id", "os_pretty",
	"os_variant", "os_version", "evidence_sha256" };

struct redacting {
	struct redactor *r;
	struct crypto *crypto;
	struct model *m;
	struct fault *f;
	bool failed;
};

static void
learn(struct redacting *g, enum redact_class c, const char *value)
{
	if (value != NULL && !g->failed &&
	    redactor_learn(g->r, c, value, g->f) == -1)
		g->failed = true;
}

/* "host/web-1", "kube/prod", "aws/ACCOUNT/region", "config/a/b.yaml". An
 * account has a form of its own. */
static void
learn_scope(struct redacting *g, const char *scope)
{
	const char *slash = scope != NULL ? strchr(scope, '/') : NULL;
	size_t len;

	if (slash == NULL || strncmp(scope, "aws/", 4) == 0)
		return;
	len = (size_t)(slash - scope);
	learn(g,
	    (len == 4 && memcmp(scope, "host", 4) == 0) ? REDACT_HOST
							: REDACT_NAME,
	    slash + 1);
}

/* The parts of a node have plain keys: a package, a file of every host. */
static void
learn_key(struct redacting *g, const char *kind, const char *key)
{
	if (strcmp(kind, "node") == 0)
		learn(g, REDACT_HOST, key);
	else if (strncmp(kind, "node.", 5) != 0)
		learn(g, REDACT_NAME, key);
}

static void
learn_all(struct redacting *g)
{
	const struct model *m = g->m;

	for (size_t i = 0; i < m->nsubjects; i++) {
		learn_scope(g, m->subjects[i].scope);
		learn_key(g, m->subjects[i].kind, m->subjects[i].key);
	}
	for (size_t i = 0; i < m->nevidence; i++) {
		learn_scope(g, m->evidence[i].scope);
		learn_key(g, m->evidence[i].kind, m->evidence[i].key);
	}
	for (size_t i = 0; i < m->nscopes; i++)
		learn_scope(g, m->scopes[i].scope);
	for (size_t i = 0; i < m->nexceptions; i++) {
		learn(g, REDACT_USER, m->exceptions[i].owner);
		learn(g, REDACT_USER, m->exceptions[i].approver);
	}
	learn(g, REDACT_HOST, m->run.origin);
	learn(g, REDACT_USER, m->run.asked_by);
}

static void
replace(struct redacting *g, const char **s)
{
	BUF_AUTO(out, 16UL * 1024 * 1024);

	if (*s == NULL || g->failed)
		return;
	if (redactor_text(g->r, *s, &out, g->f) == -1) {
		g->failed = true;
		return;
	}
	if (out.p == NULL || strcmp(out.p, *s) == 0)
		return;
	if ((*s = arena_str(g->m->arena, out.p)) == NULL) {
		(void)fault_memory(g->f);
		g->failed = true;
	}
}

/* A value of a column that might name something is left out. */
static bool
is_kept(const struct model_prop *p)
{
	size_t len = strlen(p->name);

	for (size_t i = 0; i < LENGTH(kept); i++)
		if (strcmp(p->name, kept[i]) == 0)
			return true;
	return (len > 8 && strcmp(p->name + len - 8, "_outcome") == 0) ||
	       strspn(p->value, "0123456789") == strlen(p->value);
}

static void
replace_subject(struct redacting *g, struct model_subject *s)
{
	struct model_prop *props =
	    arena_alloc(g->m->arena, (s->nprops + 1) * sizeof(*props));
	size_t n = 0;

	if (props == NULL) {
		(void)fault_memory(g->f);
		g->failed = true;
		return;
	}
	for (size_t i = 0; i < s->nprops; i++)
		if (s->props[i].value != NULL && is_kept(&s->props[i]))
			props[n++] = s->props[i];
	for (size_t i = 0; i < n; i++)
		replace(g, &props[i].value);
	s->props = props;
	s->nprops = n;
	replace(g, &s->scope);
	replace(g, &s->key);
	replace(g, &s->reason);
}

static void
replace_section(struct redacting *g, struct model_section *t)
{
	const char **cells = arena_alloc(
	    g->m->arena, (t->nrows * t->ncolumns + 1) * sizeof(*cells));

	if (cells == NULL) {
		(void)fault_memory(g->f);
		g->failed = true;
		return;
	}
	for (size_t i = 0; i < t->nrows * t->ncolumns; i++) {
		cells[i] = t->cells[i];
		replace(g, &cells[i]);
	}
	t->cells = cells;
}

static void
replace_all(struct redacting *g)
{
	struct model *m = g->m;

	for (size_t i = 0; i < m->nsubjects; i++)
		replace_subject(g, &m->subjects[i]);
	for (size_t i = 0; i < m->ngroups; i++)
		replace(g, &m->groups[i].reason);
	for (size_t i = 0; i < m->nevidence; i++) {
		replace(g, &m->evidence[i].scope);
		replace(g, &m->evidence[i].key);
		replace(g, &m->evidence[i].source);
		replace(g, &m->evidence[i].sha256);
	}
	for (size_t i = 0; i < m->nscopes; i++)
		replace(g, &m->scopes[i].scope);
	for (size_t i = 0; i < m->ngaps; i++) {
		replace(g, &m->gaps[i].scope);
		replace(g, &m->gaps[i].reason);
	}
	for (size_t i = 0; i < m->nexceptions; i++) {
		struct model_exception *x = &m->exceptions[i];

		replace(g, &x->scope);
		replace(g, &x->key);
		replace(g, &x->owner);
		replace(g, &x->approver);
		replace(g, &x->reason);
	}
	for (size_t i = 0; i < m->nsections; i++)
		replace_section(g, &m->sections[i]);
	for (size_t i = 0; i < m->nmodules; i++) {
		replace(g, &m->modules[i].where);
		replace(g, &m->modules[i].why);
	}
	replace(g, &m->run.origin);
	replace(g, &m->run.asked_by);
}

/* A UUID that was made of a name could be made again of a guess. */
static void
rename_uuid(
    struct redacting *g, const char **uuid, const char *what, const char *name)
{
	char *out = arena_alloc(g->m->arena, UUID_LEN);
	BUF_AUTO(b, 64 * 1024);

	if (g->failed)
		return;
	buf_printf(&b, "%s/%s/%s", g->m->uuid, what, name);
	if (out == NULL || buf_done(&b, "uuid", g->f) == -1 ||
	    uuid_of(g->crypto, b.p, out, g->f) == -1) {
		if (out == NULL)
			(void)fault_memory(g->f);
		g->failed = true;
		return;
	}
	*uuid = out;
}

static void
rename_uuids(struct redacting *g)
{
	struct model *m = g->m;

	for (size_t i = 0; i < m->nevidence; i++)
		rename_uuid(g, &m->evidence[i].uuid, m->evidence[i].kind,
		    m->evidence[i].sha256);
	for (size_t i = 0; i < m->ngroups; i++) {
		char check[256];

		(void)snprintf(check, sizeof(check), "%.200s/%s",
		    m->checks[m->groups[i].check].id,
		    verdict_name(m->groups[i].verdict));
		rename_uuid(g, &m->groups[i].uuid, check, m->groups[i].reason);
	}
}

int
redact_model(struct redactor *r, struct crypto *c, struct model *m,
    const char *profile, struct fault *f)
{
	struct redacting g = { .r = r, .crypto = c, .m = m, .f = f };

	m->redacted = profile;
	learn_all(&g);
	if (!g.failed)
		replace_all(&g);
	if (!g.failed)
		rename_uuids(&g);
	return g.failed ? -1 : 0;
}
