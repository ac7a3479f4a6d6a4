/* See policy.h. */
#include "report/sign/policy.h"

#include <fnmatch.h>
#include <string.h>

#include "base/length.h"

static const struct {
	const char *name;
	unsigned role;
} roles[] = {
	{ "prepare", POLICY_PREPARE },
	{ "collect", POLICY_COLLECT },
	{ "countersign", POLICY_COUNTERSIGN },
	{ "stamp", POLICY_STAMP },
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
