/* Readers of the files that say how the next boot will be: see parse.h. */
#include <stdint.h>
#include <string.h>

#include "base/length.h"

#include "collector/node/node_parse.h"

#define BOOTCONFIG_DEPTH_MAX 16 /* XBC_DEPTH_MAX of the kernel */
#define BOOTCONFIG_KEY_MAX 256	/* XBC_KEYLEN_MAX */

static const char *const grub_names[2] = { "GRUB_CMDLINE_LINUX",
	"GRUB_CMDLINE_LINUX_DEFAULT" };

/*
 * Count one kernel line. Only fips=1 to the letter counts: the kernel would
 * take fips=2 too, but systemd's ConditionKernelCommandLine=fips=1 and SCAP
 * compare text. murky: bytes of args that depend on what was not seen; a
 * fips= after them is the last whatever they hold.
 */
static void
note(struct boot_facts *b, struct span args, size_t murky)
{
	struct span v = { NULL, 0 };
	bool found = cmdline_last(args, "fips", &v);
	bool known = murky == 0 || (found && v.p >= args.p + murky);

	b->entries++;
	b->has_fips = found && known && b->entries == 1;
	if (!known)
		b->entries_fips = -1;
	else if (found && span_is(v, "1") && b->entries_fips >= 0)
		b->entries_fips++;
	if (!b->has_fips)
		return;
	b->fips_len = v.len < sizeof(b->fips) ? v.len : sizeof(b->fips);
	if (b->fips_len > 0)
		memcpy(b->fips, v.p, b->fips_len);
}

void
grub_default_init(struct grub_default *g)
{
	*g = (struct grub_default){ .value = { { .max = GRUB_VALUE_MAX },
					{ .max = GRUB_VALUE_MAX } } };
}

void
grub_default_free(struct grub_default *g)
{
	buf_free(&g->value[0]);
	buf_free(&g->value[1]);
}

void
grub_default_unreadable(struct grub_default *g)
{
	for (size_t i = 0; i < 2; i++) {
		buf_reset(&g->value[i]);
		buf_putc(&g->value[i], ' '); /* so that murky can say more */
		g->murky[i] = 1;
	}
}

/* $GRUB_CMDLINE_LINUX… stands for what it was; no other name is known. */
static void
expand_default(void *ctx, struct span name, struct buf *out, size_t *murky)
{
	const struct grub_default *g = ctx;

	for (size_t i = 0; i < 2; i++) {
		if (!span_is(name, grub_names[i]))
			continue;
		if (g->murky[i] > 0)
			*murky = out->len + g->murky[i];
		if (g->value[i].len > 0)
			buf_put(out, g->value[i].p, g->value[i].len);
		return;
	}
	buf_putc(out, ' ');
	*murky = out->len;
}

static int
assign_default(struct grub_default *g, size_t i, bool append, struct span *rest,
    struct fault *f)
{
	const struct shell_vars vars = { expand_default, g };
	BUF_AUTO(out, GRUB_VALUE_MAX);
	struct buf old = g->value[i];
	size_t murky = 0;
	bool joined;

	if (append)
		expand_default(g, span_of(grub_names[i]), &out, &murky);
	if (shell_word(rest, &vars, &out, &murky, &joined, f) == -1 ||
	    buf_done(&out, grub_names[i], f) == -1)
		return -1;
	g->value[i] = out;
	g->murky[i] = murky;
	out = old; /* freed at the end */
	return 0;
}

/* grub-mkconfig makes "linux … $GRUB_CMDLINE_LINUX $…_DEFAULT" of them. */
static int
note_default(
    const struct grub_default *g, struct boot_facts *facts, struct fault *f)
{
	BUF_AUTO(line, 2 * GRUB_VALUE_MAX + 1);
	size_t murky = g->murky[0], at;

	buf_put(&line, g->value[0].p, g->value[0].len);
	buf_putc(&line, ' ');
	at = line.len;
	buf_put(&line, g->value[1].p, g->value[1].len);
	if (g->murky[1] > 0)
		murky = at + g->murky[1];
	if (buf_done(&line, "GRUB_CMDLINE_LINUX", f) == -1)
		return -1;
	note(facts, (struct span){ line.p, line.len }, murky);
	return 0;
}

int
boot_grub_default(struct span text, struct grub_default *g,
    struct boot_facts *facts, struct fault *f)
{
	const struct shell_vars vars = { expand_default, g };
	bool append, joined, ours = false;
	struct span name;

	while (shell_assignment(&text, &name, &append)) {
		BUF_AUTO(other, GRUB_VALUE_MAX);
		size_t murky = 0;
		int rc;

		if (span_is(name, grub_names[0]))
			rc = assign_default(g, 0, append, &text, f);
		else if (span_is(name, grub_names[1]))
			rc = assign_default(g, 1, append, &text, f);
		else if ((rc = shell_word(
			      &text, &vars, &other, &murky, &joined, f)) == 0)
			continue;
		if (rc == -1)
			return -1;
		ours = true;
	}
	return ours ? note_default(g, facts, f) : 0;
}

void
boot_env_read(struct span text, struct boot_env *env)
{
	struct span line, value;

	*env = (struct boot_env){ 0 };
	while (span_line(&text, &line)) {
		struct span name = span_until(line, '=', &value);

		if (value.p != NULL && span_is(name, "kernelopts"))
			env->kernelopts = value;
		if (value.p != NULL && span_is(name, "tuned_params"))
			env->tuned_params = value;
	}
}

int
boot_grubenv(struct span text, struct boot_facts *facts, struct fault *f)
{
	struct boot_env env;

	/* GRUB refuses a block without this first line (grub/lib/envblk.h) */
	if (!span_starts(text, "# GRUB Environment Block\n"))
		return fault(f, FAULT_FORMAT, "not a GRUB environment block");
	boot_env_read(text, &env);
	if (env.kernelopts.p != NULL)
		note(facts, env.kernelopts, 0);
	return 0;
}

/* Variables of kernel lines that nobody set are empty, as GRUB has it. */
static void
expand_env(void *ctx, struct span name, struct buf *out, size_t *murky)
{
	const struct boot_env *env = ctx;
	struct span v = { NULL, 0 };

	if (span_is(name, "kernelopts"))
		v = env->kernelopts;
	else if (span_is(name, "tuned_params"))
		v = env->tuned_params;
	else
		return;
	if (v.len > 0)
		buf_put(out, v.p, v.len);
	if (env->unreadable) {
		buf_putc(out, ' ');
		*murky = out->len;
	}
}

/*
 * The rest of a linux command of grub.cfg as the kernel will get it: words
 * without GRUB's quotes, and with the kernel's own where blanks were quoted
 * (grub_create_loader_cmdline).
 */
static int
grub_words(struct span *rest, const struct boot_env *env, struct buf *line,
    size_t *murky, struct fault *f)
{
	struct boot_env vars_of = *env;
	const struct shell_vars vars = { expand_env, &vars_of };

	while (rest->len > 0 && rest->p[0] != '\n' && rest->p[0] != ';') {
		BUF_AUTO(word, GRUB_VALUE_MAX);
		bool joined;
		size_t m = 0;

		if (memchr(" \t\r", rest->p[0], 3) != NULL) {
			rest->p++;
			rest->len--;
			continue;
		}
		if (shell_word(rest, &vars, &word, &m, &joined, f) == -1 ||
		    buf_done(&word, "a word of grub.cfg", f) == -1)
			return -1;
		buf_puts(line, joined ? " \"" : " ");
		if (m > 0)
			*murky = line->len + m;
		buf_put(line, word.p, word.len);
		buf_puts(line, joined ? "\"" : "");
	}
	return buf_done(line, "a kernel line of grub.cfg", f);
}

/* Recovery entries are made without _DEFAULT on purpose, memtest is no Linux:
 * neither says how the host will boot. */
static bool
is_regular_entry(struct span line)
{
	struct span word, path = { NULL, 0 };

	if (!span_word(&line, &path))
		return false;
	for (size_t i = path.len; i > 0; i--)
		if (path.p[i - 1] == '/') {
			path = (struct span){ path.p + i, path.len - i };
			break;
		}
	if (span_starts(path, "memtest"))
		return false;
	while (span_word(&line, &word))
		if (span_is(word, "recovery") || span_is(word, "single"))
			return false;
	return true;
}

int
boot_grub_cfg(struct span text, const struct boot_env *env,
    struct boot_facts *facts, struct fault *f)
{
	while (text.len > 0) {
		BUF_AUTO(line, GRUB_VALUE_MAX);
		struct span rest = text, word = { NULL, 0 }, first;
		size_t murky = 0;

		first = span_until(text, '\n', &rest);
		if (span_word(&first, &word) &&
		    (span_is(word, "linux") || span_is(word, "linux16") ||
			span_is(word, "linuxefi"))) {
			rest = (struct span){ first.p,
				(size_t)(text.p + text.len - first.p) };
			if (grub_words(&rest, env, &line, &murky, f) == -1)
				return -1;
			if (line.len > 0 &&
			    is_regular_entry((struct span){ line.p, line.len }))
				note(facts, (struct span){ line.p, line.len },
				    murky);
		}
		text = rest;
		if (text.p == NULL)
			break;
	}
	return 0;
}

/* Boot Loader Specification values know no quotes; GRUB's blscfg expands
 * $name in them. */
static void
expand_options(struct span options, const struct boot_env *env,
    struct buf *line, size_t *murky)
{
	struct boot_env e = *env;
	struct span rest;

	while (options.p != NULL) {
		struct span plain = span_until(options, '$', &rest);
		size_t n = 0, brace;

		if (plain.len > 0)
			buf_put(line, plain.p, plain.len);
		options = rest;
		if (options.p == NULL)
			break;
		brace = options.len > 0 && options.p[0] == '{' ? 1 : 0;
		while (brace + n < options.len &&
		       span_only((struct span){ options.p + brace + n, 1 },
			   ALNUM "_"))
			n++;
		expand_env(
		    &e, (struct span){ options.p + brace, n }, line, murky);
		n += brace;
		if (brace == 1 && n < options.len && options.p[n] == '}')
			n++;
		options.p += n;
		options.len -= n;
	}
}

int
boot_bls(struct span text, const struct boot_env *env, struct boot_facts *facts,
    struct fault *f)
{
	BUF_AUTO(args, GRUB_VALUE_MAX);
	struct span line, key;
	bool entry = false;
	size_t murky = 0;

	while (span_line(&text, &line)) {
		if (!span_word(&line, &key) || key.p[0] == '#')
			continue;
		entry |= span_is(key, "linux") || span_is(key, "options") ||
			 span_is(key, "efi") || span_is(key, "uki");
		if (!span_is(key, "options"))
			continue;
		buf_putc(&args, ' ');
		expand_options(line, env, &args, &murky);
	}
	if (buf_done(&args, "options", f) == -1)
		return -1;
	if (!entry)
		return fault(f, FAULT_FORMAT, "not a boot loader entry");
	note(facts, (struct span){ args.len > 0 ? args.p : "", args.len },
	    murky);
	return 0;
}

/* kernel-install(8): lines are joined, those starting with # left out. */
int
boot_kernel_cmdline(struct span text, struct boot_facts *facts, struct fault *f)
{
	BUF_AUTO(args, GRUB_VALUE_MAX);
	struct span line;

	while (span_line(&text, &line)) {
		line = span_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		buf_put(&args, line.p, line.len);
		buf_putc(&args, ' ');
	}
	if (buf_done(&args, "kernel command line", f) == -1)
		return -1;
	if (args.len > 0)
		note(facts, (struct span){ args.p, args.len }, 0);
	return 0;
}

static void
skip_toml_space(struct span *s)
{
	while (s->len > 0) {
		if (s->p[0] == '#') {
			while (s->len > 0 && s->p[0] != '\n') {
				s->p++;
				s->len--;
			}
		} else if (memchr(" \t\r\n", s->p[0], 4) != NULL) {
			s->p++;
			s->len--;
		} else {
			return;
		}
	}
}

static bool
toml_char(struct span *s, char c)
{
	skip_toml_space(s);
	if (s->len == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->len--;
	return true;
}

/* A one-line basic or literal string; other escapes are no kernel argument. */
static int
toml_string(struct span *s, struct buf *out)
{
	char quote;

	if (s->len == 0 || (s->p[0] != '"' && s->p[0] != '\''))
		return -1;
	quote = s->p[0];
	for (size_t i = 1; i < s->len && s->p[i] != '\n'; i++) {
		if (s->p[i] == quote) {
			s->p += i + 1;
			s->len -= i + 1;
			return 0;
		}
		if (s->p[i] == '\\' && quote == '"') {
			i++;
			if (i == s->len || (s->p[i] != '"' && s->p[i] != '\\'))
				return -1;
		}
		buf_putc(out, s->p[i]);
	}
	return -1;
}

static int
toml_kargs(struct span *s, struct buf *args)
{
	if (!toml_char(s, '=') || !toml_char(s, '['))
		return -1;
	while (!toml_char(s, ']')) {
		if (toml_string(s, args) == -1)
			return -1;
		buf_putc(args, ' ');
		if (!toml_char(s, ',')) {
			skip_toml_space(s);
			if (s->len == 0 || s->p[0] != ']')
				return -1;
		}
	}
	return 0;
}

/* bootc's kargs.d: a top-level array kargs. match-architectures is left to
 * the reader of the file. */
int
boot_kargs(struct span text, struct boot_facts *facts, struct fault *f)
{
	BUF_AUTO(args, GRUB_VALUE_MAX);
	struct span line, rest;
	bool seen = false;

	while (rest = text, span_line(&rest, &line)) {
		line = span_trim(line);
		if (span_starts(line, "["))
			break; /* a table: kargs stands above the first */
		if (!span_starts(line, "kargs") ||
		    (line.len > 5 && memchr(" \t=", line.p[5], 3) == NULL)) {
			text = rest;
			continue;
		}
		if (seen)
			return fault(f, FAULT_FORMAT, "kargs stands twice");
		seen = true;
		text = (struct span){ line.p + 5,
			(size_t)(text.p + text.len - line.p) - 5 };
		if (toml_kargs(&text, &args) == -1)
			return fault(f, FAULT_FORMAT,
			    "kargs is not an array of strings");
	}
	if (buf_done(&args, "kargs", f) == -1)
		return -1;
	if (seen)
		note(facts,
		    (struct span){ args.len > 0 ? args.p : "", args.len }, 0);
	return 0;
}

/* A tree of the kernel's boot configuration, walked (lib/bootconfig.c). */
struct walk {
	struct span rest;
	char key[BOOTCONFIG_KEY_MAX];
	size_t len;			    /* of key */
	size_t stack[BOOTCONFIG_DEPTH_MAX]; /* its lengths outside each { */
	size_t depth;
	struct span fips; /* p NULL: no such key yet */
};

static void
skip_config_space(struct span *s, bool lines)
{
	while (s->len > 0) {
		if (lines && s->p[0] == '#') {
			while (s->len > 0 && s->p[0] != '\n') {
				s->p++;
				s->len--;
			}
			continue;
		}
		if (memchr(" \t\r", s->p[0], 3) == NULL &&
		    !(lines && (s->p[0] == '\n' || s->p[0] == ';')))
			return;
		s->p++;
		s->len--;
	}
}

static int
config_value(struct span *s, struct span *v)
{
	size_t n = 0;

	if (s->len > 0 && (s->p[0] == '"' || s->p[0] == '\'')) {
		const char *end = memchr(s->p + 1, s->p[0], s->len - 1);

		if (end == NULL)
			return -1;
		n = (size_t)(end - s->p);
		*v = (struct span){ s->p + 1, n - 1 };
		n++;
	} else {
		while (n < s->len && memchr(",;\n#}", s->p[n], 5) == NULL)
			n++;
		*v = span_trim((struct span){ s->p, n });
	}
	s->p += n;
	s->len -= n;
	return 0;
}

/* An array is handed to the kernel as one fips= a value: the last one wins. */
static int
config_values(struct walk *w)
{
	struct span v;

	for (;;) {
		skip_config_space(&w->rest, false);
		if (config_value(&w->rest, &v) == -1)
			return -1;
		if (w->len == 11 && memcmp(w->key, "kernel.fips", 11) == 0)
			w->fips = v;
		skip_config_space(&w->rest, false);
		if (w->rest.len == 0 || w->rest.p[0] != ',')
			return 0;
		w->rest.p++;
		w->rest.len--;
		skip_config_space(&w->rest, true);
	}
}

static int
config_key(struct walk *w)
{
	size_t n = 0;

	while (n < w->rest.len &&
	       span_only((struct span){ w->rest.p + n, 1 }, ALNUM "-_."))
		n++;
	if (n == 0 || w->len + n + 1 > sizeof(w->key))
		return -1;
	if (w->len > 0)
		w->key[w->len++] = '.';
	memcpy(w->key + w->len, w->rest.p, n);
	w->len += n;
	w->rest.p += n;
	w->rest.len -= n;
	skip_config_space(&w->rest, false);
	return 0;
}

static int
config_statement(struct walk *w)
{
	size_t outer = w->len;
	struct span *s = &w->rest;

	if (s->p[0] == '}') {
		if (w->depth == 0)
			return -1;
		w->len = w->stack[--w->depth];
		s->p++;
		s->len--;
		return 0;
	}
	if (config_key(w) == -1)
		return -1;
	if (s->len > 0 && s->p[0] == '{') {
		if (w->depth == BOOTCONFIG_DEPTH_MAX)
			return -1;
		w->stack[w->depth++] = outer;
		s->p++;
		s->len--;
		return 0;
	}
	if (s->len > 1 && (s->p[0] == '+' || s->p[0] == ':') &&
	    s->p[1] == '=') {
		s->p++;
		s->len--;
	}
	if (s->len > 0 && s->p[0] == '=') {
		s->p++;
		s->len--;
		if (config_values(w) == -1)
			return -1;
	}
	w->len = outer;
	if (s->len > 0 && memchr("\n;}#", s->p[0], 4) == NULL)
		return -1;
	return 0;
}

int
boot_bootconfig(struct span text, struct boot_facts *facts, struct fault *f)
{
	struct walk w = { .rest = text };
	bool any = false;

	for (;;) {
		skip_config_space(&w.rest, true);
		if (w.rest.len == 0)
			break;
		any = true;
		if (config_statement(&w) == -1)
			return fault(
			    f, FAULT_FORMAT, "not a boot configuration");
	}
	if (w.depth > 0)
		return fault(f, FAULT_FORMAT, "a { is not closed");
	if (!any)
		return 0;
	facts->entries = 1;
	if (w.fips.p == NULL)
		return 0;
	facts->entries_fips = span_is(w.fips, "1") ? 1 : 0;
	facts->has_fips = true;
	facts->fips_len =
	    w.fips.len < sizeof(facts->fips) ? w.fips.len : sizeof(facts->fips);
	memcpy(facts->fips, w.fips.p, facts->fips_len);
	return 0;
}

static void
expand_nothing(void *ctx, struct span name, struct buf *out, size_t *murky)
{
	(void)ctx;
	(void)name;
	(void)out;
	(void)murky;
}

/* Here an entry is a line that adds dracut modules, and it is a FIPS one if
 * the module fips is among them; kernel_cmdline= is a kernel line. */
int
boot_dracut(struct span text, struct boot_facts *facts, struct fault *f)
{
	static const char *const adds[] = { "add_dracutmodules",
		"dracutmodules", "force_add_dracutmodules" };
	const struct shell_vars vars = { expand_nothing, NULL };
	struct span name, word, value;
	bool append, joined, modules;

	while (shell_assignment(&text, &name, &append)) {
		BUF_AUTO(out, GRUB_VALUE_MAX);
		size_t murky = 0;

		if (shell_word(&text, &vars, &out, &murky, &joined, f) == -1 ||
		    buf_done(&out, "dracut.conf", f) == -1)
			return -1;
		value = (struct span){ out.len > 0 ? out.p : "", out.len };
		if (span_is(name, "kernel_cmdline"))
			note(facts, value, 0);
		modules = false;
		for (size_t i = 0; i < LENGTH(adds); i++)
			modules |= span_is(name, adds[i]);
		if (!modules)
			continue;
		facts->entries++;
		facts->has_fips = false;
		while (span_word(&value, &word))
			if (span_is(word, "fips")) {
				facts->entries_fips++;
				break;
			}
	}
	return 0;
}
