/* See profile.h. */
#include "collector/aws_client/aws_profile.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "collector/kit/config_text.h"
#include "collector/aws_client/credentials.h"
#include "base/file.h"

static int
read_one(const struct request *r, const struct aws_profiles *p,
    const char *variable, const char *name, struct buf *out, struct fault *f)
{
	const char *path = request_env(r, variable);
	BUF_AUTO(own, 4096);

	out->max = AWS_FILE_MAX;
	if (path == NULL || path[0] == '\0') {
		if (p->home == NULL)
			return 0;
		buf_printf(&own, "%s/.aws/%s", p->home, name);
		path = own.p;
	} else if (path[0] == '~' && (path[1] == '/' || path[1] == '\0') &&
		   p->home != NULL) { /* as a shell that was not there */
		buf_printf(&own, "%s%s", p->home, path + 1);
		path = own.p;
	}
	if (path == NULL)
		return fault_memory(f);
	if (file_read(path, out, f) == 0 || f->kind == FAULT_ABSENT)
		return 0;
	return -1;
}

int
profiles_read(struct aws_profiles *p, const struct request *r, struct fault *f)
{
	const char *home = request_env(r, "HOME");

	*p = (struct aws_profiles){ 0 };
	if (home != NULL && home[0] != '\0' && (p->home = strdup(home)) == NULL)
		return fault_memory(f);
	if (read_one(r, p, "AWS_CONFIG_FILE", "config", &p->config, f) == 0 &&
	    read_one(r, p, "AWS_SHARED_CREDENTIALS_FILE", "credentials",
		&p->credentials, f) == 0)
		return 0;
	profiles_free(p);
	return -1;
}

void
profiles_free(struct aws_profiles *p)
{
	buf_wipe(&p->config);
	buf_wipe(&p->credentials);
	free(p->home);
	p->home = NULL;
}

/* "profile x" of a config file, "x" of a credentials file, quotes undone. */
static bool
is_section(struct span section, const char *word, const char *name)
{
	struct span rest = section, first;

	if (word != NULL) {
		if (!span_word(&rest, &first) || !span_is(first, word))
			return false;
		rest = span_trim(rest);
	}
	if (rest.len > 1 && (rest.p[0] == '"' || rest.p[0] == '\'') &&
	    rest.p[rest.len - 1] == rest.p[0])
		rest = (struct span){ rest.p + 1, rest.len - 2 };
	return span_is(rest, name);
}

static bool
is_profile(struct span section, const char *name, bool credentials)
{
	if (credentials)
		return is_section(section, NULL, name);
	return is_section(section, "profile", name) ||
	       (strcmp(name, "default") == 0 && span_is(section, "default"));
}

static struct span
text_of(const struct buf *b)
{
	return (struct span){ b->p != NULL ? b->p : "", b->len };
}

/* key NULL: is the section there? */
static struct span
look(const struct buf *text, const char *profile, bool credentials,
    const char *key)
{
	struct aws_line l = aws_lines(text_of(text));
	struct span found = { NULL, 0 };
	bool inside = false;

	while (aws_next(&l)) {
		if (l.is_section) {
			inside = is_profile(l.section, profile, credentials);
			if (inside && key == NULL)
				return l.section;
		} else if (inside && key != NULL && aws_key_is(&l, key)) {
			found = l.value;
		}
	}
	return found;
}

bool
profile_there(const struct aws_profiles *p, const char *profile)
{
	return look(&p->credentials, profile, true, NULL).p != NULL ||
	       look(&p->config, profile, false, NULL).p != NULL;
}

bool
profile_bare(const struct aws_profiles *p, const char *profile)
{
	return look(&p->config, profile, true, NULL).p != NULL;
}

struct span
profile_get(const struct aws_profiles *p, const char *profile, const char *key)
{
	struct span v = look(&p->credentials, profile, true, key);

	return v.p != NULL ? v : look(&p->config, profile, false, key);
}

struct span
sso_session_get(
    const struct aws_profiles *p, struct span session, const char *key)
{
	struct aws_line l = aws_lines(text_of(&p->config));
	struct span found = { NULL, 0 };
	char name[256];
	bool inside = false;

	if (session.len >= sizeof(name))
		return found;
	(void)snprintf(name, sizeof(name), "%.*s", (int)session.len, session.p);
	while (aws_next(&l)) {
		if (l.is_section)
			inside = is_section(l.section, "sso-session", name);
		else if (inside && aws_key_is(&l, key))
			found = l.value;
	}
	return found;
}

const char *
profile_name_of(const struct request *r, const char *name)
{
	if (name == NULL)
		name = request_env(r, "AWS_PROFILE");
	if (name == NULL || name[0] == '\0')
		name = request_env(r, "AWS_DEFAULT_PROFILE");
	return name == NULL || name[0] == '\0' ? "default" : name;
}
