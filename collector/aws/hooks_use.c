/*
 * CloudTrail's event history as the endpoints that were in fact called: one
 * entry for each principal, service, host, version of TLS and suite. An event
 * is JSON text within the answer ("CloudTrail record contents"); tlsDetails is
 * missing where AWS called itself, and where a service does not give it.
 */
#include "collector/aws/hooks_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/length.h"
#include "base/utc.h"

#define EVENT_MAX ((size_t)256 * 1024) /* CloudTrail's own limit */
#define USES_MAX 20000		       /* entries in one region */
#define PART_MAX 300		       /* bytes of a part of a key */
#define WINDOW ""		       /* in state: about the whole */

void
aws_use_prepare(const struct aws_item *parent, const char *now, json_t *input,
    struct attrs *a)
{
	int64_t t;

	(void)parent;
	if (utc_parse(now, &t) == 0)
		put(a, input, "StartTime",
		    json_integer(t - (int64_t)USE_HOURS * 3600));
}

/* ---- who ---- */

/* "arn:aws:sts::1:assumed-role/NAME/SESSION" without the session */
static void
put_role(struct attrs *a, json_t *use, const char *arn)
{
	const char *role = strstr(arn, ":assumed-role/"), *end = NULL;
	char text[512];

	if (role != NULL)
		end = strchr(role + strlen(":assumed-role/"), '/');
	(void)snprintf(text, sizeof(text), "%.*s",
	    end != NULL ? (int)(end - arn) : 500, arn);
	put_text(a, use, "principal", text);
}

/* What stays the same from call to call: a session's name does not. */
static void
put_principal(struct attrs *a, json_t *use, const json_t *who)
{
	static const char *const paths[] = {
		".sessionContext.sessionIssuer.arn", ".arn", ".invokedBy",
		".userName", ".identityProvider", ".accountId"
	};
	const char *s = NULL;

	put_text(a, use, "principal_type", path_text(who, ".type"));
	for (size_t n = 0; s == NULL && n < LENGTH(paths); n++)
		s = path_text(who, paths[n]);
	if (s != NULL)
		put_role(a, use, s);
}

/* ---- what ---- */

static json_t *
event_of(const struct aws_item *i)
{
	const char *text = path_text(i->tree, ".CloudTrailEvent");

	if (text == NULL || strlen(text) > EVENT_MAX)
		return NULL;
	return json_loads(text, 0, NULL);
}

static json_t *
use_of(const json_t *event, struct attrs *a)
{
	const char *source = path_text(event, ".eventSource");
	json_t *use = json_object();
	char service[128];

	if (source != NULL) {
		(void)snprintf(service, sizeof(service), "%.*s",
		    (int)strcspn(source, "."), source);
		put_text(a, use, "service", service);
	}
	put_principal(a, use, json_object_get(event, "userIdentity"));
	put_text(a, use, "region", path_text(event, ".awsRegion"));
	put_text(a, use, "host",
	    path_text(event, ".tlsDetails.clientProvidedHostHeader"));
	put_text(
	    a, use, "tls_version", path_text(event, ".tlsDetails.tlsVersion"));
	put_text(a, use, "cipher", path_text(event, ".tlsDetails.cipherSuite"));
	return use;
}

static void
key_of(const json_t *use, struct buf *key)
{
	static const char *const members[] = { "principal", "service", "host",
		"tls_version", "cipher" };

	for (size_t n = 0; n < LENGTH(members); n++) {
		const char *s =
		    json_string_value(json_object_get(use, members[n]));

		if (n > 0)
			buf_putc(key, ' ');
		text_clean(key, s != NULL ? s : "-", s != NULL ? strlen(s) : 1,
		    PART_MAX);
	}
}

/* The oldest event, and whether one had to be left out. */
static json_t *
window_of(json_t *state, struct attrs *a)
{
	json_t *w = json_object_get(state, WINDOW);

	if (w == NULL) {
		w = json_object();
		put(a, state, WINDOW, w);
	}
	return w;
}

static void
note_time(json_t *window, const json_t *time, struct attrs *a)
{
	const json_t *oldest = json_object_get(window, "oldest");
	json_int_t t;

	if (!json_is_number(time))
		return;
	t = (json_int_t)json_number_value(time);
	if (oldest == NULL || json_integer_value(oldest) > t)
		put(a, window, "oldest", json_integer(t));
}

void
aws_use_fold(const struct aws_item *i, json_t *state, struct attrs *a)
{
	json_t *window = window_of(state, a), *event = event_of(i), *use;
	BUF_AUTO(key, NAME_MAX_LEN);

	note_time(window, json_object_get(i->tree, "EventTime"), a);
	use = event != NULL ? use_of(event, a) : NULL;
	json_decref(event);
	key_of(use, &key);
	if (use == NULL || key.failed != FAULT_NONE ||
	    (json_object_size(state) > USES_MAX &&
		json_object_get(state, key.p) == NULL)) {
		put(a, window, "left_out", json_true());
		json_decref(use);
		return;
	}
	put(a, state, key.p, use);
}

void
aws_use_window(const json_t *state, bool cut, const char *now, struct attrs *a)
{
	const json_t *window = json_object_get(state, WINDOW);
	const json_t *oldest = json_object_get(window, "oldest");
	int64_t t = 0;
	long long hours = USE_HOURS;

	if (cut && oldest != NULL && utc_parse(now, &t) == 0)
		hours = (t - json_integer_value(oldest)) / 3600;
	attrs_bool(
	    a, "complete", !cut && json_object_get(window, "left_out") == NULL);
	attrs_int(a, "covered_hours", hours < 0 ? 0 : hours);
	attrs_int(a, "hours", USE_HOURS);
}
