/*
 * The switches and integrity files of other cryptographic libraries.
 * libgcrypt: FIPS mode if /etc/gcrypt/fips_enabled exists (its manual,
 * "Enabling FIPS mode"). NSS: the flag fips in pkcs11.txt (modutil -fips).
 * GnuTLS and OpenSSL 1.x have no such file: the kernel's flag decides.
 */
#include <stdlib.h>
#include <string.h>

#include "base/length.h"

#include "collector/node/parts.h"

#define HMAC_FILES_MAX 256

/* lib64 and the multiarch folders start with these too */
static const char *const folders[] = { "/usr/lib", "/usr/local/lib" };

static const struct library {
	const char *name, *marker;
	const char *prefixes[5]; /* of the names of its integrity files */
} libraries[] = {
	{ "gnutls", NULL,
	    { ".libgnutls.", ".libnettle.", ".libhogweed.", ".libgmp." } },
	{ "libgcrypt", "/etc/gcrypt/fips_enabled", { ".libgcrypt." } },
	{ "nss", "/etc/pki/nssdb/pkcs11.txt", { "libfreebl", "libsoftokn3" } },
	{ "openssl", NULL,
	    { ".libcrypto.", ".libssl.", "libcrypto.", "libssl." } },
};

/* library= … NSS=" … Flags=internal,critical,fips … " */
int
nss_forced(struct span text)
{
	struct span line, rest, word;

	while (span_line(&text, &line)) {
		if (!span_starts(line, "NSS="))
			continue;
		while (span_word(&line, &word)) {
			struct span name = span_until(word, '=', &rest);

			if (span_is(name, "NSS") && rest.p != NULL) {
				if (span_starts(rest, "\"")) {
					rest.p++;
					rest.len--;
				}
				name = span_until(rest, '=', &rest);
			}
			if (name.len != 5 ||
			    strncasecmp(name.p, "Flags", 5) != 0)
				continue;
			while (rest.p != NULL) {
				struct span flag = span_until(rest, ',', &rest);

				while (
				    flag.len > 0 && flag.p[flag.len - 1] == '"')
					flag.len--;
				if (flag.len == 4 &&
				    strncasecmp(flag.p, "fips", 4) == 0)
					return 1;
			}
		}
		return 0;
	}
	return -1;
}

static bool
belongs_to(const char *path, const struct library *l)
{
	struct span name = span_of(strrchr(path, '/') + 1);

	if (!span_ends(name, ".hmac") && !span_ends(name, ".chk"))
		return false;
	for (size_t i = 0; l->prefixes[i] != NULL; i++)
		if (span_starts(name, l->prefixes[i]))
			return true;
	return false;
}

/* A new array, null where not all could be seen, or NULL: no memory. */
static json_t *
hmac_files(const struct parts *p, const struct library *l)
{
	json_t *list = json_array();
	bool good = list != NULL, whole = true;

	for (size_t i = 0; i < LENGTH(folders); i++) {
		size_t n;
		const struct entry *e = snapshot_under(p->s, folders[i], &n);

		for (size_t k = 0; good && k < n; k++) {
			whole &= !part_hides(&e[k]);
			if (e[k].outcome == OUTCOME_ABSENT ||
			    !belongs_to(e[k].path, l))
				continue;
			whole &= json_array_size(list) < HMAC_FILES_MAX;
			if (whole)
				good = add_string(
				    list, span_of(e[k].path), TEXT_MAX);
		}
	}
	if (good && whole)
		return list;
	json_decref(list);
	return good ? json_null() : NULL;
}

static void
put_forced(const struct parts *p, struct attrs *a, const struct library *l)
{
	struct reading r;
	int nss;

	put_null(a, "forced");
	attrs_str(a, "marker", l->marker);
	if (l->marker == NULL)
		return;
	r = part_read(p, l->marker);
	if (r.outcome == OUTCOME_ABSENT) {
		attrs_bool(a, "forced", false);
	} else if (r.outcome == OUTCOME_OBSERVED) {
		nss = strcmp(l->name, "nss") == 0 ? nss_forced(r.text) : 1;
		if (nss != -1)
			attrs_bool(a, "forced", nss == 1);
	}
}

int
library_emit(struct parts *p, struct fault *f)
{
	for (size_t i = 0; i < LENGTH(libraries); i++) {
		const struct library *l = &libraries[i];
		json_t *list = hmac_files(p, l);
		ATTRS_AUTO(a);

		if (list == NULL)
			return fault_memory(f);
		put_forced(p, &a, l);
		attrs_json(&a, "hmac_files", list);
		if (emit_observed(p->e, &node_library_kind, l->name, &a,
			l->marker != NULL ? l->marker : "library folders",
			f) == -1)
			return -1;
	}
	return 0;
}
