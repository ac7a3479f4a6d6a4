/* The kernel as it runs: admin-guide/sysctl/crypto, /proc/cmdline. */
#include <stdlib.h>
#include <string.h>

#include "collector/node/parts.h"

#define DRIVERS_MAX 1024 /* drivers told of by name */
#define DRIVER_MAX 128	 /* CRYPTO_MAX_ALG_NAME */
#define BOOT_MAX 128	 /* bytes kept of boot= */

int
proc_crypto(struct span text, void (*failed)(void *ctx, struct span driver),
    void *ctx, struct fault *f)
{
	struct span line, value, driver = { NULL, 0 };
	bool tested = false;

	while (span_line(&text, &line)) {
		struct span name = span_trim(span_until(line, ':', &value));

		if (value.p == NULL) { /* a blank line ends a block */
			driver = value;
			continue;
		}
		value = span_trim(value);
		if (span_is(name, "driver"))
			driver = value;
		if (!span_is(name, "selftest"))
			continue;
		if (driver.p == NULL)
			return fault(
			    f, FAULT_FORMAT, "a selftest without a driver");
		tested = true;
		if (!span_is(value, "passed"))
			failed(ctx, driver);
	}
	if (!tested)
		return fault(f, FAULT_FORMAT, "no self-test is listed");
	return 0;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct drivers {
	char *names[DRIVERS_MAX]; /* owned */
	size_t n;
	bool failed;
};

static void
add_driver(void *ctx, struct span driver)
{
	struct drivers *d = ctx;
	BUF_AUTO(clean, 4 * DRIVER_MAX + 16);

	text_clean(&clean, driver.p, driver.len, DRIVER_MAX);
	if (d->n == DRIVERS_MAX || clean.p == NULL) {
		d->failed = true;
		return;
	}
	d->names[d->n++] = clean.p;
	clean.p = NULL; /* taken */
}

/* The order of /proc/crypto changes from boot to boot: sorted, each once. */
static json_t *
driver_list(struct drivers *d)
{
	json_t *list = d->failed ? NULL : json_array();

	qsort(d->names, d->n, sizeof(d->names[0]), by_text);
	for (size_t i = 0; list != NULL && i < d->n; i++) {
		if (i > 0 && strcmp(d->names[i], d->names[i - 1]) == 0)
			continue;
		if (json_array_append_new(list, json_string(d->names[i])) ==
		    -1) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

/* Without /proc/sys there is no kernel to ask: not the same as a kernel
 * without CONFIG_CRYPTO_FIPS, whose other settings are there. */
static enum outcome
absent_setting(const struct parts *p)
{
	return snapshot_outcome(p->s, "/proc/sys/kernel/osrelease") ==
		       OUTCOME_ABSENT
		   ? OUTCOME_UNREACHABLE
		   : OUTCOME_ABSENT;
}

static void
put_selftests(const struct parts *p, struct attrs *a)
{
	struct reading r = part_read(p, "/proc/crypto");
	struct drivers d = { .n = 0 };
	enum outcome o = r.outcome;
	json_t *list = NULL;
	struct fault f;

	if (o == OUTCOME_ABSENT)
		o = absent_setting(p);
	if (o == OUTCOME_OBSERVED &&
	    (proc_crypto(r.text, add_driver, &d, &f) == -1 ||
		(list = driver_list(&d)) == NULL))
		o = OUTCOME_ERROR;
	for (size_t i = 0; i < d.n; i++)
		free(d.names[i]);
	attrs_json(a, "selftest_failed", list != NULL ? list : json_null());
	put_outcome(a, "selftest_outcome", o);
}

static void
put_fips_enabled(const struct parts *p, struct attrs *a)
{
	struct reading r = part_read(p, "/proc/sys/crypto/fips_enabled");
	enum outcome o = r.outcome;
	long long v;

	if (o == OUTCOME_ABSENT)
		o = absent_setting(p);
	if (o == OUTCOME_OBSERVED && span_integer(span_trim(r.text), &v) == -1)
		o = OUTCOME_ERROR;
	if (o == OUTCOME_OBSERVED)
		attrs_int(a, "fips_enabled", v);
	else
		put_null(a, "fips_enabled");
	put_outcome(a, "fips_enabled_outcome", o);
}

static void
put_cmdline(const struct parts *p, struct attrs *a)
{
	struct reading r = part_read(p, "/proc/cmdline");
	struct span fips = { NULL, 0 }, boot = { NULL, 0 };
	enum outcome o = r.outcome;

	if (o == OUTCOME_ABSENT)
		o = absent_setting(p);
	if (o == OUTCOME_OBSERVED) {
		(void)cmdline_last(r.text, "fips", &fips);
		(void)cmdline_last(r.text, "boot", &boot);
	}
	if (!span_only(boot, ALNUM "=/._:-")) /* no device dracut would take */
		boot = (struct span){ NULL, 0 };
	put_span(a, "cmdline_boot", boot, BOOT_MAX);
	put_span(a, "cmdline_fips", fips, FIPS_VALUE_MAX);
	if (o == OUTCOME_OBSERVED)
		attrs_bool(
		    a, "cmdline_fips_on", fips.p != NULL && cmdline_on(fips));
	else
		put_null(a, "cmdline_fips_on");
	put_outcome(a, "cmdline_outcome", o);
}

static void
put_line(
    const struct parts *p, struct attrs *a, const char *key, const char *path)
{
	struct reading r = part_read(p, path);

	put_span(
	    a, key, r.text.p == NULL ? r.text : span_trim(r.text), VALUE_MAX);
}

static void
put_buf(struct attrs *a, const char *key, const struct buf *b)
{
	put_span(a, key, (struct span){ b->len > 0 ? b->p : NULL, b->len },
	    VALUE_MAX);
}

int
kernel_emit(struct parts *p, struct fault *f)
{
	ATTRS_AUTO(a);
	enum outcome marker = snapshot_outcome(p->s, "/etc/system-fips");

	arch_read(p);
	attrs_str(&a, "arch", p->arch[0] != '\0' ? p->arch : NULL);
	put_line(p, &a, "boot_id", "/proc/sys/kernel/random/boot_id");
	put_cmdline(p, &a);
	put_fips_enabled(p, &a);
	put_line(p, &a, "fips_name", "/proc/sys/crypto/fips_name");
	put_line(p, &a, "fips_version", "/proc/sys/crypto/fips_version");
	put_line(p, &a, "kernel_release", "/proc/sys/kernel/osrelease");
	attrs_bool(&a, "live", p->s->live);
	put_buf(&a, "os_build", &p->os_build);
	attrs_str(&a, "os_family", p->family[0] != '\0' ? p->family : NULL);
	put_buf(&a, "os_id", &p->os_id);
	put_buf(&a, "os_pretty", &p->os_pretty);
	put_buf(&a, "os_variant", &p->os_variant);
	put_buf(&a, "os_version", &p->os_version);
	put_selftests(p, &a);
	if (marker == OUTCOME_OBSERVED || marker == OUTCOME_ABSENT)
		attrs_bool(&a, "system_fips", marker == OUTCOME_OBSERVED);
	else
		put_null(&a, "system_fips");
	return emit_observed(p->e, &node_kind, p->host, &a,
	    "/proc, /etc/os-release, /etc/system-fips", f);
}
