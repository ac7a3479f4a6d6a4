/* See policy.h. */
#include "report/sign/policy.h"

#include <fnmatch.h>
#include <string.h>

#include "base/json.h"
#include "base/length.h"

static const struct {
	const char *name;
	unsigned role;
} roles[] = {
	{ "prepare", POLICY_PREPARE },
	{ "collect", POLICY_COLLECT },
	{ "countersign", POLICY_COUNTERSIGN },
	{ "stamp", POLICY_STAMP },
	{ "catalog", POLICY_CATALOG },
};

unsigned
policy_role_of(const char *name)
{
	for (size_t i = 0; i < LENGTH(roles); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].role;
	return 0;
}

static const char *
role_name(unsigned role)
{
	for (size_t i = 0; i < LENGTH(roles); i++)
		if (roles[i].role == role)
			return roles[i].name;
	return "?";
}

void
policy_free(struct policy *p)
{
	arena_free(p->arena);
	*p = (struct policy){ NULL, 0, NULL };
}

static json_t *
texts(const char *const *list, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; a != NULL && i < n; i++)
		if (json_array_append_new(
			a, json_text(list[i], strlen(list[i]))) == -1) {
			json_decref(a);
			return NULL;
		}
	return a;
}

static json_t *
roles_of(const struct policy_signer *s)
{
	const char *names[LENGTH(roles)];
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(roles); i++)
		if (s->roles & roles[i].role)
			names[n++] = roles[i].name;
	return texts(names, n);
}

static json_t *
signer_json(const struct policy_signer *s)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "fingerprint",
	    s->fingerprint, "name", json_text(s->name, strlen(s->name)),
	    "roles", roles_of(s), "scopes", texts(s->scopes, s->nscopes),
	    "subject",
	    s->subject != NULL ? json_text(s->subject, strlen(s->subject))
			       : json_null());
}

int
policy_record(
    const struct policy *p, const char *made, struct buf *out, struct fault *f)
{
	json_t *list = json_array(), *v;
	int rc;

	for (size_t i = 0; list != NULL && i < p->n; i++)
		if (json_array_append_new(list, signer_json(&p->list[i])) ==
		    -1) {
			json_decref(list);
			list = NULL;
		}
	v = json_pack(
	    "{s:s, s:o, s:s}", "made", made, "signers", list, "type", "policy");
	if (v == NULL)
		return fault_memory(f);
	rc = json_canonical(v, out, f);
	json_decref(v);
	return rc;
}

static bool
is_by(const struct policy_signer *s, const struct signature_info *i)
{
	if (!i->trusted)
		return false;
	return s->subject != NULL ? strcmp(s->subject, i->subject) == 0
				  : strcmp(s->fingerprint, i->fingerprint) == 0;
}

int
policy_judge(const struct policy *p, enum policy_role role, struct crypto *c,
    const struct slice *bytes, const struct slice *der,
    const struct signature_rules *rules, struct signature_info *out,
    const struct policy_signer **who, struct fault *f)
{
	struct signature_rules own = *rules;
	struct fault why = { 0 };

	/* the mathematics first: who it is nobody need be asked otherwise */
	own.anchors = (struct slice){ NULL, 0 };
	if (signature_judge(
		c, bytes->p, bytes->len, der->p, der->len, &own, out, f) == -1)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct signature_info info;

		if ((p->list[i].roles & role) == 0)
			continue;
		own.anchors = p->list[i].pem;
		if (signature_judge(c, bytes->p, bytes->len, der->p, der->len,
			&own, &info, &why) == -1 ||
		    !is_by(&p->list[i], &info))
			continue;
		*out = info;
		*who = &p->list[i];
		return 0;
	}
	return fault(f, FAULT_DENIED,
	    "signed by %.300s (certificate %s), whom the policy does not list "
	    "with the role '%s'%s%.400s",
	    out->subject, out->fingerprint, role_name(role),
	    why.kind != FAULT_NONE ? "; " : "", why.text);
}

int
policy_may_sign(const struct policy *p, enum policy_role role, struct crypto *c,
    const struct signer *signer, int64_t when, struct fault *f)
{
	static const char text[] = "May this key sign?";
	const struct signature_rules rules = { .at = when };
	const struct policy_signer *who;
	struct signature_info info;
	const struct slice bytes = { text, sizeof(text) - 1 };
	struct slice der;
	BUF_AUTO(cms, SIGNATURE_MAX);

	if (sign_detached(signer, bytes.p, bytes.len, when, &cms, f) == -1)
		return -1;
	der = (struct slice){ cms.p, cms.len };
	return policy_judge(p, role, c, &bytes, &der, &rules, &info, &who, f);
}

bool
policy_speaks_for(const struct policy_signer *who, const char *scope)
{
	for (size_t i = 0; i < who->nscopes; i++) {
		const char *glob = who->scopes[i];
		size_t n = strlen(glob);

		if (n >= 2 && strcmp(glob + n - 2, "**") == 0) {
			if (strncmp(glob, scope, n - 2) == 0)
				return true;
		} else if (fnmatch(glob, scope, FNM_PATHNAME | FNM_NOESCAPE) ==
			   0) {
			return true;
		}
	}
	return false;
}
