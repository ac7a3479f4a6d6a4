/*
 * Every wrong shape of tests/wrong_shapes.h as the answer of every request to
 * a registry: nothing may be gone, absent or better, and the run is partial.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/length.h"
#include "collector/image/image.h"
#include "tests/unit/contract.h"
#include "tests/unit/http_played.h"
#include "tests/unit/image_fixture.h"
#include "tests/wrong_shapes.h"

#define REFERENCE "registry.example/app:1"
#define BASE "https://registry.example/v2/app/"

extern const struct collector image_collector;

/* ---- the registry ---- */

static struct stored {
	char url[256];
	struct buf body;
} stored[8];
static size_t nstored;

static const char *broken_url, *broken_body;
static size_t asked;
static struct crypto *crypto;

static const char *
played(const struct http_request *r, long *status, size_t *len)
{
	if (broken_url != NULL && strcmp(r->url, broken_url) == 0) {
		asked++;
		return broken_body;
	}
	for (size_t i = 0; i < nstored; i++)
		if (strcmp(r->url, stored[i].url) == 0) {
			*len = stored[i].body.len;
			return stored[i].body.p;
		}
	*status = 404;
	return "";
}

/* what: "manifests" or "blobs"; name NULL: its digest, which goes to out. */
static void
store(const char *what, const char *name, const struct buf *body,
    char out[DIGEST_TEXT])
{
	struct stored *s = &stored[nstored++];
	struct fault f = { 0 };

	assert_true(nstored <= LENGTH(stored));
	assert_int_equal(digest_text(crypto, body->p, body->len, out, &f), 0);
	(void)snprintf(s->url, sizeof(s->url), BASE "%s/%s", what,
	    name != NULL ? name : out);
	s->body.max = 1 << 20;
	buf_put(&s->body, body->p, body->len);
}

/* One image of one layer of plain tar, named by an index. */
static void
fill_registry(void)
{
	BUF_AUTO(layer, 1 << 20);
	BUF_AUTO(config, 4096);
	BUF_AUTO(manifest, 4096);
	BUF_AUTO(index, 4096);
	char of_layer[DIGEST_TEXT], of_config[DIGEST_TEXT];
	char of_manifest[DIGEST_TEXT], of_index[DIGEST_TEXT];

	tar_text(&layer, "etc/os-release", "ID=alpine\n");
	tar_close(&layer);
	store("blobs", NULL, &layer, of_layer);
	buf_printf(&config,
	    "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{"
	    "\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}",
	    of_layer);
	store("blobs", NULL, &config, of_config);
	buf_printf(&manifest,
	    "{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\",\"size\":%zu},"
	    "\"layers\":[{\"mediaType\":"
	    "\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\","
	    "\"size\":%zu}]}",
	    of_config, config.len, of_layer, layer.len);
	store("manifests", NULL, &manifest, of_manifest);
	buf_printf(&index,
	    "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"%s\",\"size\":"
	    "%zu,\"platform\":{\"os\":\"linux\",\"architecture\":"
	    "\"amd64\"}}]}",
	    of_manifest, manifest.len);
	store("manifests", "1", &index, of_index);
}

/* ---- the collector ---- */

static void
collect(struct seen *s)
{
	static char *const environment[] = { (char *)"HOME=/nonexistent",
		NULL };
	static char *const operands[] = { (char *)REFERENCE };
	struct request r = { .now = "2026-11-24T00:00:00Z",
		.environment = environment,
		.operands = operands,
		.noperands = 1,
		.crypto = crypto };
	struct sink sink = seen_sink(s);
	struct fault f = { 0 };

	seen_init(s);
	if (image_collector.collect(&r, &sink, &f) == -1)
		fail_msg("%s '%.80s': the run ended: %s",
		    broken_url != NULL ? broken_url : "", broken_body, f.text);
}

static bool
nothing(const char *name)
{
	(void)name;
	return false;
}

static void
throw_at(const struct seen *good, const char *url, const char *body)
{
	struct seen bad;
	char what[512];

	(void)snprintf(what, sizeof(what), "%s: '%.200s'", url, body);
	broken_url = url;
	broken_body = body;
	asked = 0;
	collect(&bad);
	if (asked == 0)
		fail_msg("%s: was not asked", what);
	contract_holds(what, nothing, good, &bad);
	if (!bad.partial)
		fail_msg("%s: the run is complete", what);
	seen_free(&bad);
	broken_url = NULL;
}

static void
no_wrong_shape_is_an_image(void **state)
{
	static const char *const members[] = { "manifests", "layers", "config",
		"fsLayers" };
	struct seen good;
	char body[256];

	(void)state;
	collect(&good);
	assert_false(good.partial);
	assert_true(json_object_size(good.rows) > 1);
	for (size_t i = 0; i < nstored; i++) {
		const char *url = stored[i].url;

		for (size_t k = 0; k < LENGTH(wrong_shapes); k++)
			throw_at(&good, url, wrong_shapes[k]);
		for (size_t k = 0; k < LENGTH(wrong_lists); k++)
			for (size_t m = 0; m < LENGTH(members); m++) {
				(void)snprintf(body, sizeof(body),
				    "{\"schemaVersion\":2,\"%s\":%s}",
				    members[m], wrong_lists[k]);
				throw_at(&good, url, body);
			}
		throw_at(&good, url, "{\"manifests\":[]}");
		throw_at(&good, url, "{\"layers\":[],\"config\":{}}");
		throw_at(&good, url, "{\"manifests\":[],\"layers\":[]}");
	}
	seen_free(&good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_wrong_shape_is_an_image),
	};
	struct fault f = { 0 };
	int rc;

	crypto = crypto_new(false, &f);
	fill_registry();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < nstored; i++)
		buf_free(&stored[i].body);
	crypto_free(crypto);
	return rc;
}
