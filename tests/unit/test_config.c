/*
 * Configuration files: what the readers refuse, and what the checks say of
 * every fixture, held to tests/fixtures/config/<file>.verdicts (lines "check
 * verdict reason"). update-fixtures.sh writes them anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>

#include "tests/fixtures/verdicts_print.h"
#include "base/length.h"
#include "base/base64.h"
#include "collector/settings/config_aws.h"
#include "collector/kit/config_text.h"
#include "collector/kit/tree.h"
#include "collector/kit/tree_hcl.h"
#include "collector/kit/tree_toml.h"

#define FOLDER "fixtures/config"

static struct crypto *
crypto(void)
{
	struct fault f = { 0 };
	struct crypto *c = crypto_new(false, &f);

	assert_non_null(c);
	return c;
}

/* ------------------------------------------------------------------- trees */

static int
read_yaml(const char *text, struct documents *d, struct fault *f)
{
	return tree_yaml(d, text, strlen(text), f);
}

static void
every_value_knows_its_line(void **state)
{
	static const char text[] = "a: 1\n"
				   "b:\n"
				   "  - c: 'x'\n"
				   "    d: [1,\n"
				   "        2]\n"
				   "---\n"
				   "e: ~\n";
	static const char json[] = "{\"a\": 1,\n \"b\": [\n  {\"c\": "
				   "\"x\\u00e9\\ud83d\\ude00\"}\n ]}";
	struct documents d;
	struct fault f = { 0 };
	const struct node *b;

	(void)state;
	assert_int_equal(read_yaml(text, &d, &f), 0);
	assert_int_equal(d.n, 2);
	b = node_get(d.root[0], "b");
	assert_int_equal(b->items[0]->line, 3);
	assert_int_equal(node_get(b->items[0], "d")->items[1]->line, 5);
	assert_int_equal(node_get(d.root[1], "e")->type, NODE_NULL);
	assert_int_equal(node_get(d.root[1], "e")->line, 7);
	tree_free(&d);
	assert_int_equal(tree_json(&d, json, strlen(json), &f), 0);
	b = node_get(d.root[0], "b")->items[0];
	assert_int_equal(node_get(b, "c")->line, 3);
	assert_string_equal(
	    node_text(node_get(b, "c")), "x\xc3\xa9\xf0\x9f\x98\x80");
	tree_free(&d);
}

static void
words_are_true_only_without_quotes(void **state)
{
	struct documents d;
	struct fault f = { 0 };
	long long i;
	bool v;

	(void)state;
	assert_int_equal(
	    read_yaml("a: yes\nb: 'yes'\nc: 12\nd: false\n", &d, &f), 0);
	assert_true(node_bool(node_get(d.root[0], "a"), false, &v) && v);
	assert_false(node_bool(node_get(d.root[0], "b"), false, &v));
	assert_true(node_bool(node_get(d.root[0], "b"), true, &v) && v);
	assert_true(node_integer(node_get(d.root[0], "c"), &i) && i == 12);
	assert_true(node_bool(node_get(d.root[0], "d"), false, &v) && !v);
	tree_free(&d);
}

static void
merge_keys_and_functions_are_seen(void **state)
{
	struct documents d;
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(read_yaml("x: &x {a: 1, b: 2}\n"
				   "y: &y {b: 3, c: 4}\n"
				   "z:\n  <<: [*x, *y]\n  a: 0\n"
				   "t: !Ref Thing\n"
				   "u: {Ref: Thing}\n",
			     &d, &f),
	    0);
	assert_string_equal(node_text(node_at(d.root[0], "z.a")), "0");
	assert_string_equal(node_text(node_at(d.root[0], "z.b")), "2");
	assert_string_equal(node_text(node_at(d.root[0], "z.c")), "4");
	assert_true(node_is_call(node_get(d.root[0], "t")));
	assert_true(node_is_call(node_get(d.root[0], "u")));
	assert_null(node_text(node_get(d.root[0], "t")));
	assert_false(node_is_call(node_get(d.root[0], "x")));
	tree_free(&d);
}

/* "a: &a [x,x,…]", "b: &b [*a,*a,…]": each level tenfold */
static void
put_bomb(struct buf *b)
{
	buf_puts(b, "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 9; i++) {
		buf_printf(b, "l%d: &l%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_printf(b, "%s*l%d", k > 0 ? "," : "", i - 1);
		buf_puts(b, "]\n");
	}
}

static void
refuses_hostile_texts(void **state)
{
	static const struct {
		const char *text, *says;
		enum fault_kind kind;
	} cases[] = {
		{ "a: 1\nb: 2\na: 3\n", "line 3: key 'a' stands twice",
		    FAULT_FORMAT },
		{ "a: &x [*x]\n", "line 1: alias 'x' has no anchor",
		    FAULT_FORMAT },
		{ "a: *nobody\n", "line 1: alias 'nobody'", FAULT_FORMAT },
		{ "a: !!python/object:os.system [x]\n", "is not accepted",
		    FAULT_FORMAT },
		{ "a: !secret x\n", "line 1: tag '!secret'", FAULT_FORMAT },
		{ "? [1, 2]\n: x\n", "a key that is not", FAULT_FORMAT },
		{ "a: [1, 2\nb: 3\n", "not YAML", FAULT_FORMAT },
		{ "a: \"\\0\"\n", "a NUL character", FAULT_FORMAT },
		{ "a: \xff\xfe\xff\n", "not YAML", FAULT_FORMAT },
		{ "a: \x01\n", "not YAML", FAULT_FORMAT },
	};
	struct documents d;
	BUF_AUTO(bomb, 65536);

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fault f = { 0 };

		assert_int_equal(read_yaml(cases[i].text, &d, &f), -1);
		tree_free(&d);
		if (f.kind != cases[i].kind ||
		    strstr(f.text, cases[i].says) == NULL)
			fail_msg("%s: '%s'", cases[i].text, f.text);
	}
	put_bomb(&bomb);
	struct fault f = { 0 };
	assert_int_equal(read_yaml(bomb.p, &d, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
}

static void
refuses_what_is_too_deep_or_too_large(void **state)
{
	struct documents d;
	struct fault f = { 0 };
	char *large = calloc(1, TREE_TEXT_MAX + 2);
	BUF_AUTO(deep, 65536);

	(void)state;
	assert_non_null(large);
	for (int i = 0; i < 5000; i++)
		buf_putc(&deep, '[');
	assert_int_equal(tree_yaml(&d, deep.p, deep.len, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
	assert_int_equal(tree_json(&d, deep.p, deep.len, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
	memset(large, ' ', TREE_TEXT_MAX + 1);
	assert_int_equal(tree_yaml(&d, large, TREE_TEXT_MAX + 1, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
	assert_int_equal(tree_json(&d, large, TREE_TEXT_MAX + 1, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
	/* more values than are kept, in few bytes */
	large[0] = '[';
	for (size_t i = 1; i < 4000000; i += 2)
		memcpy(large + i, "1,", 2);
	assert_int_equal(tree_json(&d, large, 4000000, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
	assert_int_equal(tree_yaml(&d, large, 4000000, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
	free(large);
}

static void
refuses_what_is_not_json(void **state)
{
	static const char *const cases[] = { "{", "[1,]", "{\"a\" 1}",
		"{\"a\":1,}", "[01x]", "\"\\ud800\"", "\"\\u0000\"", "[1] 2",
		"{\"a\":1,\"a\":2}", "tru", "[\"a\nb\"]", "", "{1:2}",
		"[\"\\q\"]" };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct documents d;
		struct fault f = { 0 };

		if (tree_json(&d, cases[i], strlen(cases[i]), &f) != -1)
			fail_msg("'%s' was read", cases[i]);
		assert_int_equal(f.kind, FAULT_FORMAT);
		tree_free(&d);
	}
}

/* Values, what is known only later, and what a name stands for. */
static void
hcl_is_read_as_terraform_does(void **state)
{
	static const char text[] = "a = 1 # one\n"
				   "b = \"x$${y}\\n\"\n"
				   "c = \"${var.x}\"\n"
				   "d = [1, \"two\", true, ]\n"
				   "e = { f = \"g\", \"h i\" : 2\n j = null }\n"
				   "k = var.known\n"
				   "l = var.known ? 1 : 2\n"
				   "m = local.of_known.n\n"
				   "o = local.loop\n"
				   "p = [for x in var.y : x]\n"
				   "q = f(\"}\", {\n})\n"
				   "r = <<EOT\n text \n EOT\n"
				   "block \"one\" \"two\" {\n  s = 3\n}\n"
				   "block \"one\" \"three\" { s = 4 }\n"
				   "again { t = 1 }\nagain { t = 2 }\n"
				   "dynamic \"made\" { content { u = 1 } }\n";
	static const char names[] = "known = \"value\"\n"
				    "of_known = { n = var.known }\n"
				    "loop = { a = local.loop }\n";
	struct documents d, k;
	struct fault f = { 0 };
	const struct node *given[1], *n;

	(void)state;
	assert_int_equal(tree_hcl(&d, text, strlen(text), &f), 0);
	assert_int_equal(tree_hcl(&k, names, strlen(names), &f), 0);
	given[0] = k.root[0];
	assert_int_equal(tree_hcl_resolve(&d, given, 1, given, 1, &f), 0);
	n = d.root[0];
	assert_string_equal(node_text(node_get(n, "a")), "1");
	assert_string_equal(node_text(node_get(n, "b")), "x${y}\n");
	assert_true(node_is_call(node_get(n, "c")));
	assert_int_equal(node_get(n, "d")->n, 3);
	assert_string_equal(node_text(node_get(node_get(n, "e"), "h i")), "2");
	assert_int_equal(node_at(n, "e.j")->type, NODE_NULL);
	assert_string_equal(node_text(node_get(n, "k")), "value");
	assert_int_equal(node_get(n, "k")->line, 7);
	assert_true(node_is_call(node_get(n, "l")));
	assert_string_equal(node_text(node_get(n, "m")), "value");
	assert_true(node_is_call(node_get(n, "o")));
	assert_true(node_is_call(node_get(n, "p")));
	assert_true(node_is_call(node_get(n, "q")));
	assert_string_equal(node_text(node_get(n, "r")), " text \n");
	assert_string_equal(node_text(node_at(n, "block.one.two.s")), "3");
	assert_string_equal(node_text(node_at(n, "block.one.three.s")), "4");
	assert_int_equal(node_get(n, "again")->n, 2);
	assert_true(node_is_call(node_get(n, "made")));
	tree_free(&d);
	tree_free(&k);
}

static void
refuses_what_is_not_hcl_or_toml(void **state)
{
	static const char *const hcl[] = { "a = ", "a = \"x", "a {", "a }",
		"a = [1", "a = {b}", "a = 1\na = 2\n", "= 1", "a = \"\\q\"",
		"a = <<EOT\nx", "a b = 1" };
	static const char *const toml[] = { "a", "a =", "a = 'x", "[a",
		"a = 1\na = 2\n", "a = [1 2]", "a = {b = 1", "a = x",
		"a = 1 b = 2", "a = 1\n[a]\n", "= 1", "a = \"\\q\"", "[[a]\n" };

	(void)state;
	for (size_t i = 0; i < LENGTH(hcl); i++) {
		struct documents d;
		struct fault f = { 0 };

		if (tree_hcl(&d, hcl[i], strlen(hcl[i]), &f) != -1)
			fail_msg("'%s' was read", hcl[i]);
		assert_int_equal(f.kind, FAULT_FORMAT);
		tree_free(&d);
	}
	for (size_t i = 0; i < LENGTH(toml); i++) {
		struct documents d;
		struct fault f = { 0 };

		if (tree_toml(&d, toml[i], strlen(toml[i]), &f) != -1)
			fail_msg("'%s' was read", toml[i]);
		assert_int_equal(f.kind, FAULT_FORMAT);
		tree_free(&d);
	}
}

/* Names of lists of names: each level a hundredfold. */
static void
names_do_not_multiply(void **state)
{
	static const char use[] = "a = local.l6\n";
	struct documents d, k;
	struct fault f = { 0 };
	const struct node *locals[1];
	BUF_AUTO(names, 65536);

	(void)state;
	buf_puts(&names, "l0 = 1\n");
	for (int i = 1; i < 7; i++) {
		buf_printf(&names, "l%d = [", i);
		for (int n = 0; n < 100; n++)
			buf_printf(&names, "local.l%d,", i - 1);
		buf_puts(&names, "]\n");
	}
	assert_int_equal(tree_hcl(&d, use, strlen(use), &f), 0);
	assert_int_equal(tree_hcl(&k, names.p, names.len, &f), 0);
	locals[0] = k.root[0];
	assert_int_equal(tree_hcl_resolve(&d, NULL, 0, locals, 1, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	tree_free(&d);
	tree_free(&k);
}

static void
base64_is_read_as_rfc_4648_says(void **state)
{
	static const struct {
		const char *in, *out; /* out NULL: refused */
	} cases[] = {
		{ "", "" },
		{ "Zg==", "f" },
		{ "Zm8=", "fo" },
		{ "Zm9v\nYmFy", "foobar" },
		{ "Zg=", NULL },
		{ "Z===", NULL },
		{ "Zm9v!", NULL },
		{ "=Zg=", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		BUF_AUTO(b, 64);

		assert_int_equal(
		    base64_read_text(&b, cases[i].in, strlen(cases[i].in)),
		    cases[i].out != NULL);
		if (cases[i].out != NULL)
			assert_string_equal(
			    b.p != NULL ? b.p : "", cases[i].out);
	}
}

/* --------------------------------------------------------------------- AWS */

struct given { /* environment or file; NULL: not set */
	const char *region, *fips, *dual, *ignore, *url, *service_url;
};

static struct aws_given
given(const struct given *g)
{
	const char *const in[] = { g->region, g->fips, g->dual, g->ignore,
		g->url, g->service_url };
	struct aws_given out = { 0 };
	struct span *const to[] = { &out.region, &out.fips, &out.dualstack,
		&out.ignore, &out.url, &out.service_url };

	for (size_t i = 0; i < 6; i++)
		if (in[i] != NULL)
			*to[i] = span_of(in[i]);
	return out;
}

#define R .region = "us-east-1"
#define KMS "https://kms.us-east-1.amazonaws.com"

/* The order of settings that botocore's configprovider and client follow. */
static void
endpoints_are_chosen_as_sdks_do(void **state)
{
	static const struct {
		struct given env, file;
		bool fips, dual, ignored, overridden;
		const char *region, *url; /* NULL: none */
	} cases[] = {
		/* nothing set */
		{ { 0 }, { R }, 0, 0, 0, 0, "us-east-1", NULL },
		{ { 0 }, { 0 }, 0, 0, 0, 0, NULL, NULL },
		/* FIPS: environment before file, true in any case only */
		{ { 0 }, { R, .fips = "true" }, 1, 0, 0, 0, "us-east-1", NULL },
		{ { 0 }, { R, .fips = "TRUE" }, 1, 0, 0, 0, "us-east-1", NULL },
		{ { 0 }, { R, .fips = "1" }, 0, 0, 0, 0, "us-east-1", NULL },
		{ { 0 }, { R, .fips = "yes" }, 0, 0, 0, 0, "us-east-1", NULL },
		{ { .fips = "true" }, { R }, 1, 0, 0, 0, "us-east-1", NULL },
		{ { .fips = "false" }, { R, .fips = "true" }, 0, 0, 0, 0,
		    "us-east-1", NULL },
		/* region: environment before file, FIPS in its name */
		{ { .region = "us-west-2" }, { R }, 0, 0, 0, 0, "us-west-2",
		    NULL },
		{ { 0 }, { .region = "fips-us-east-1" }, 1, 0, 0, 0,
		    "us-east-1", NULL },
		{ { 0 }, { .region = "us-east-1-fips", .fips = "false" }, 1, 0,
		    0, 0, "us-east-1", NULL },
		/* dual-stack */
		{ { 0 }, { R, .fips = "true", .dual = "true" }, 1, 1, 0, 0,
		    "us-east-1", NULL },
		{ { .dual = "false" }, { R, .dual = "true" }, 0, 0, 0, 0,
		    "us-east-1", NULL },
		/* URLs: service env, env, service in file, file */
		{ { .service_url = "https://a", .url = "https://b" },
		    { R, .service_url = "https://c", .url = "https://d" }, 0, 0,
		    0, 0, "us-east-1", "https://a" },
		{ { .url = "https://b" },
		    { R, .service_url = "https://c", .url = "https://d" }, 0, 0,
		    0, 0, "us-east-1", "https://b" },
		{ { 0 }, { R, .service_url = "https://c", .url = "https://d" },
		    0, 0, 0, 0, "us-east-1", "https://c" },
		{ { 0 }, { R, .url = "https://d" }, 0, 0, 0, 0, "us-east-1",
		    "https://d" },
		/* a URL switches FIPS and dual-stack off without a word */
		{ { .fips = "true", .service_url = KMS }, { R }, 0, 0, 0, 1,
		    "us-east-1", KMS },
		{ { 0 }, { R, .fips = "true", .dual = "true", .url = KMS }, 0,
		    0, 0, 1, "us-east-1", KMS },
		{ { 0 }, { .region = "fips-us-east-1", .url = KMS }, 0, 0, 0, 1,
		    "us-east-1", KMS },
		/* unless URLs are ignored: environment before file again */
		{ { .fips = "true", .service_url = KMS, .ignore = "true" },
		    { R }, 1, 0, 1, 0, "us-east-1", NULL },
		{ { .service_url = KMS },
		    { R, .fips = "true", .ignore = "true" }, 1, 0, 1, 0,
		    "us-east-1", NULL },
		{ { .ignore = "false" },
		    { R, .fips = "true", .ignore = "true", .url = KMS }, 0, 0,
		    0, 1, "us-east-1", KMS },
		{ { .ignore = "true" }, { R, .fips = "true" }, 1, 0, 0, 0,
		    "us-east-1", NULL },
		/* an empty URL is none */
		{ { .url = "" }, { R, .fips = "true" }, 1, 0, 0, 0, "us-east-1",
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct aws_given env = given(&cases[i].env);
		struct aws_given file = given(&cases[i].file);
		struct aws_choice c;

		aws_choose(&env, &file, &c);
		if (c.use_fips != cases[i].fips ||
		    c.use_dualstack != cases[i].dual ||
		    c.url_ignored != cases[i].ignored ||
		    c.fips_overridden != cases[i].overridden ||
		    (c.fips_by != NULL) != (c.use_fips || c.fips_overridden) ||
		    (c.region.p != NULL) != (cases[i].region != NULL) ||
		    (c.region.p != NULL &&
			!span_is(c.region, cases[i].region)) ||
		    (c.url.p != NULL) != (cases[i].url != NULL) ||
		    (c.url.p != NULL && !span_is(c.url, cases[i].url)))
			fail_msg("case %zu", i);
	}
}

static void
a_url_gives_its_host_and_no_secret(void **state)
{
	static const struct {
		const char *url, *host;
	} cases[] = {
		{ KMS, "kms.us-east-1.amazonaws.com" },
		{ KMS ":8443/path?x=1", "kms.us-east-1.amazonaws.com" },
		{ "http://me:secret@localhost:4566", "localhost" },
		{ "https://[::1]:443/", "[::1]:443" },
		{ "kms.us-east-1.amazonaws.com", NULL },
		{ "https://", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct span h = url_host(span_of(cases[i].url));

		assert_int_equal(h.p != NULL, cases[i].host != NULL);
		if (h.p != NULL)
			assert_true(span_is(h, cases[i].host));
	}
}

/* ------------------------------------------------------------------ judged */

static int
collect_lines(
    const char *path, struct crypto *c, struct buf *out, struct fault *f)
{
	char *operands[] = { (char *)(uintptr_t)path };
	struct request q = {
		.crypto = c, .now = JUDGED, .operands = operands, .noperands = 1
	};
	struct ndjson n = { fixture_append, out };
	struct sink sink = ndjson_sink(&n);

	return collector_find("config")->collect(&q, &sink, f);
}

/* One store in which every fixture and every hostile file is judged at once:
 * preparing the checks takes longer than all of them. */
struct judged {
	struct crypto *crypto;
	struct store *st;
	char path[64];
};

static int
has_verdicts(const struct dirent *e)
{
	return span_ends(span_of(e->d_name), ".verdicts");
}

static int
list_fixtures(char **operands, int max)
{
	struct dirent **list;
	int n = scandir(FOLDER, &list, has_verdicts, alphasort), kept = 0;

	assert_true(n >= 5 && n <= max);
	for (int i = 0; i < n; i++) {
		char path[512];

		(void)snprintf(path, sizeof(path), FOLDER "/%.*s",
		    (int)(strlen(list[i]->d_name) - strlen(".verdicts")),
		    list[i]->d_name);
		assert_non_null(operands[kept++] = strdup(path));
		free(list[i]);
	}
	free(list);
	return kept;
}

static const char *const unreadable[] = { FOLDER "/absent.yaml",
	FOLDER "/hostile/duplicate.yaml", FOLDER "/hostile/bomb.yaml",
	FOLDER "/hostile/tag.yaml", FOLDER "/hostile/not-a-list.yaml",
	FOLDER "/hostile/nothing-known.txt", FOLDER "/hostile/nul.yaml",
	FOLDER "/hostile/nginx-cut.conf", FOLDER "/hostile/haproxy-nul.cfg",
	FOLDER "/hostile/haproxy-quote.cfg", FOLDER "/hostile/nginx-quote.conf",
	FOLDER "/hostile/nginx-nul.conf",
	FOLDER "/hostile/encryption-odd.yaml" };

static int
judge_all(struct judged *j, char **operands, int n, struct fault *f)
{
	const struct judge_request ask = { JUDGED, JUDGED, 1, "all",
		JUDGE_MAX_AGE, NULL };
	struct request q = { .crypto = j->crypto,
		.now = JUDGED,
		.operands = operands,
		.noperands = (size_t)n };
	struct checks checks = { 0 };
	long long id;
	BUF_AUTO(lines, (size_t)64 * 1024 * 1024);
	struct ndjson out = { fixture_append, &lines };
	struct sink sink = ndjson_sink(&out);
	int rc = collector_find("config")->collect(&q, &sink, f);

	if (rc == 0)
		rc = store_create(
		    j->path, "test", "2026-01-01T00:00:00Z", j->crypto, f);
	if (rc == 0 && (j->st = store_open(
			    j->path, STORE_WRITE, kinds, j->crypto, f)) == NULL)
		rc = -1;
	if (rc == 0)
		rc = fixture_fill_run(j->st, &lines, f);
	if (rc == 0)
		rc = checks_load(&checks, NULL, NULL, j->crypto, f);
	if (rc == 0)
		fixture_keep(j->st, &checks);
	if (rc == 0)
		rc = judge(j->st, &checks, &ask, &id, f);
	checks_free(&checks);
	return rc;
}

static int
judge_fixtures(void **state)
{
	struct judged *j = calloc(1, sizeof(*j));
	char *operands[256 + LENGTH(unreadable)];
	struct fault f = { 0 };
	int n;

	assert_non_null(j);
	j->crypto = crypto();
	(void)snprintf(j->path, sizeof(j->path), "/tmp/exhibit-config-%ld.db",
	    (long)getpid());
	n = list_fixtures(operands, 256);
	for (size_t i = 0; i < LENGTH(unreadable); i++)
		assert_non_null(operands[n++] = strdup(unreadable[i]));
	if (judge_all(j, operands, n, &f) == -1)
		fail_msg("%s", f.text);
	for (int i = 0; i < n; i++)
		free(operands[i]);
	*state = j;
	return 0;
}

static int
forget_fixtures(void **state)
{
	struct judged *j = *state;

	store_close(j->st);
	(void)unlink(j->path);
	crypto_free(j->crypto);
	free(j);
	return 0;
}

/* "check verdict reason" of one file, a line each, sorted. */
static void
verdicts_of(struct judged *j, const char *path, struct buf *out)
{
	sqlite3_stmt *q;

	assert_int_equal(
	    sqlite3_prepare_v2(store_db(j->st),
		"SELECT check_id || ' ' || verdict || ' ' || reason AS line "
		"FROM verdict WHERE scope = 'config/' || ?1 ORDER BY line",
		-1, &q, NULL),
	    SQLITE_OK);
	sqlite3_bind_text(q, 1, path, -1, SQLITE_STATIC);
	while (sqlite3_step(q) == SQLITE_ROW)
		buf_printf(out, "%s\n", sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	assert_true(out->len > 0);
}

static void
each_file_is_judged_as_expected(void **state)
{
	char *operands[256];
	int n = list_fixtures(operands, 256), wrong = 0;

	for (int i = 0; i < n; i++) {
		char path[600];
		struct fault f = { 0 };
		BUF_AUTO(expected, FIXTURE_MAX);
		BUF_AUTO(got, FIXTURE_MAX);

		(void)snprintf(path, sizeof(path), "%s.verdicts", operands[i]);
		if (file_read(path, &expected, &f) == -1)
			fail_msg("%s", f.text);
		verdicts_of(*state, operands[i], &got);
		if (strcmp(expected.p, got.p) != 0) {
			print_error("%s: expected\n%sgot\n%s", operands[i],
			    expected.p, got.p);
			wrong++;
		}
		free(operands[i]);
	}
	assert_int_equal(wrong, 0);
}

/* Of a credentials file nothing but its profiles is kept. */
static void
no_secret_is_kept(void **state)
{
	struct crypto *c = crypto();
	struct fault f = { 0 };
	BUF_AUTO(lines, FIXTURE_MAX);

	(void)state;
	assert_int_equal(
	    collect_lines(FOLDER "/aws-credentials", c, &lines, &f), 0);
	assert_non_null(strstr(lines.p, "config.aws_endpoint"));
	assert_null(strstr(lines.p, "AKIA"));
	assert_null(strstr(lines.p, "wJalr"));
	crypto_free(c);
}

/* Nothing that is not there, or is not what it should be, is a pass. */
static void
what_cannot_be_read_is_no_pass(void **state)
{
	for (size_t i = 0; i < LENGTH(unreadable); i++) {
		BUF_AUTO(got, FIXTURE_MAX);

		verdicts_of(*state, unreadable[i], &got);
		if (strstr(got.p, "config-file-read unknown ") == NULL ||
		    strstr(got.p, " satisfied ") != NULL)
			fail_msg("%s", got.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_knows_its_line),
		cmocka_unit_test(words_are_true_only_without_quotes),
		cmocka_unit_test(merge_keys_and_functions_are_seen),
		cmocka_unit_test(refuses_hostile_texts),
		cmocka_unit_test(refuses_what_is_too_deep_or_too_large),
		cmocka_unit_test(refuses_what_is_not_json),
		cmocka_unit_test(hcl_is_read_as_terraform_does),
		cmocka_unit_test(refuses_what_is_not_hcl_or_toml),
		cmocka_unit_test(names_do_not_multiply),
		cmocka_unit_test(base64_is_read_as_rfc_4648_says),
		cmocka_unit_test(endpoints_are_chosen_as_sdks_do),
		cmocka_unit_test(a_url_gives_its_host_and_no_secret),
		cmocka_unit_test(each_file_is_judged_as_expected),
		cmocka_unit_test(no_secret_is_kept),
		cmocka_unit_test(what_cannot_be_read_is_no_pass),
	};

	return cmocka_run_group_tests(tests, judge_fixtures, forget_fixtures);
}
