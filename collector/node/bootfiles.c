/* Readers of the files that say how the next boot will be: see parse.h. */
#include <stdint.h>
#include <string.h>

#include "base/length.h"

#include "collector/node/node_parse.h"

#define BOOTCONFIG_DEPTH_MAX 16 /* XBC_DEPTH_MAX of the kernel */
#define BOOTCONFIG_KEY_MAX 256	/* XBC_KEYLEN_MAX */

/*
 * Count one kernel line. Its value counts as the kernel reads it (fips=0x1 is
 * on). murky: bytes of args that depend on what was not seen; a fips= after
 * them is the last whatever they hold.
 */
void
boot_note(struct boot_facts *b, struct span args, size_t murky)
{
	struct span v = { NULL, 0 }, boot = { NULL, 0 };
	bool found = cmdline_last(args, "fips", &v);
	bool known = murky == 0 || (found && v.p >= args.p + murky);

	b->entries++;
	b->has_fips = found && known && b->entries == 1;
	b->last = !known ? -1 : found && cmdline_on(v) ? 1 : 0;
	b->last_boot = cmdline_last(args, "boot", &boot) && boot.len > 0;
	if (!known)
		b->entries_fips = -1;
	else if (b->last == 1 && b->entries_fips >= 0)
		b->entries_fips++;
	if (!b->has_fips)
		return;
	b->fips_len = v.len < sizeof(b->fips) ? v.len : sizeof(b->fips);
	if (b->fips_len > 0)
		memcpy(b->fips, v.p, b->fips_len);
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
		boot_note(facts, (struct span){ args.p, args.len }, 0);
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

/* An array of strings, each followed by a blank in out. */
static int
toml_strings(struct span *s, struct buf *out)
{
	if (!toml_char(s, '=') || !toml_char(s, '['))
		return -1;
	while (!toml_char(s, ']')) {
		if (toml_string(s, out) == -1)
			return -1;
		buf_putc(out, ' ');
		if (!toml_char(s, ',')) {
			skip_toml_space(s);
			if (s->len == 0 || s->p[0] != ']')
				return -1;
		}
	}
	return 0;
}

/* Does the line begin with this key and no longer one? */
static bool
toml_key(struct span line, const char *key)
{
	size_t n = strlen(key);

	return span_starts(line, key) &&
	       (line.len == n || memchr(" \t=", line.p[n], 3) != NULL);
}

static int
keep_arches(struct boot_facts *facts, const struct buf *b)
{
	facts->for_arches = true;
	if (b->len >= sizeof(facts->arches))
		return -1;
	if (b->len > 0)
		memcpy(facts->arches, b->p, b->len);
	facts->arches[b->len] = '\0';
	return 0;
}

/* bootc's kargs.d: top-level arrays kargs and match-architectures. */
int
boot_kargs(struct span text, struct boot_facts *facts, struct fault *f)
{
	static const char *const keys[] = { "kargs", "match-architectures" };
	bool seen[LENGTH(keys)] = { false };
	struct span line, rest;
	BUF_AUTO(args, GRUB_VALUE_MAX);
	BUF_AUTO(arches, GRUB_VALUE_MAX);
	struct buf *const to[] = { &args, &arches };

	while (rest = text, span_line(&rest, &line)) {
		size_t i = 0;

		line = span_trim(line);
		if (span_starts(line, "["))
			break; /* a table: both stand above the first */
		while (i < LENGTH(keys) && !toml_key(line, keys[i]))
			i++;
		if (i == LENGTH(keys)) {
			text = rest;
			continue;
		}
		if (seen[i])
			return fault(
			    f, FAULT_FORMAT, "%s stands twice", keys[i]);
		seen[i] = true;
		line.p += strlen(keys[i]);
		text = (struct span){ line.p,
			(size_t)(text.p + text.len - line.p) };
		if (toml_strings(&text, to[i]) == -1)
			return fault(f, FAULT_FORMAT,
			    "%s is not an array of strings", keys[i]);
	}
	if (buf_done(&args, "kargs", f) == -1 ||
	    buf_done(&arches, "match-architectures", f) == -1)
		return -1;
	if (seen[1] && keep_arches(facts, &arches) == -1)
		return fault(f, FAULT_LIMIT, "match-architectures is too long");
	if (seen[0])
		boot_note(facts,
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
	facts->last = cmdline_on(w.fips);
	facts->entries_fips = facts->last;
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
			boot_note(facts, value, 0);
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
