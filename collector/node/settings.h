/*
 * Where a host sets variables for its programs: for everybody who logs in, for
 * every service, for one. openssl-env(7), systemd.exec(5), pam_env.conf(5).
 */
#ifndef COLLECTOR_NODE_SETTINGS_H
#define COLLECTOR_NODE_SETTINGS_H

#include "base/span.h"
#include "collector/node/snapshot.h"

/* One variable that a file sets. What is borrowed is good for the call. */
struct variable {
	const char *path;
	struct span name, value;
	struct span service; /* the unit; p NULL: not of one service */
};

#define SETTINGS_FILE "EnvironmentFile"

/*
 * Call take() for each variable that a file of M_SETTINGS sets; of two of one
 * name the later one counts. Of a unit, EnvironmentFile= is told as a variable
 * of that name, its dash left out, and what its commands set for themselves.
 * -1: take() failed (FAULT_IO), or a quote is not closed.
 */
MUST_USE int settings_each(const char *path, struct span text,
    int (*take)(void *ctx, const struct variable *v, struct fault *f),
    void *ctx, struct fault *f);

/* A unit that is a link to /dev/null: systemd does not start it. */
bool settings_masked(const struct entry *e);

/* Absolute, and nothing in it that a shell or systemd would expand. */
bool settings_is_path(struct span value);

/*
 * The paths that M_NAMED's item stands for, among the entries read so far:
 * what files of M_SETTINGS say of its variable, or includes of the
 * configurations that are named so. take() is called once for each mention.
 */
MUST_USE int settings_named(const struct snapshot *s,
    const struct manifest_item *item,
    int (*take)(void *ctx, const char *path, struct fault *f), void *ctx,
    struct fault *f);

/* Of "?NAME/rest": NAME, and "/rest" or "". */
struct span settings_item(const char *path, const char **rest);

#endif
