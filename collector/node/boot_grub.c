/*
 * GRUB: /etc/default/grub, its environment block, grub.cfg, and the entries of
 * the Boot Loader Specification that blscfg reads. See node_parse.h.
 */
#include <string.h>

#include "base/length.h"

#include "collector/node/node_parse.h"

static const char *const grub_names[2] = { "GRUB_CMDLINE_LINUX",
	"GRUB_CMDLINE_LINUX_DEFAULT" };

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
	boot_note(facts, (struct span){ line.p, line.len }, murky);
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

/* The value of a variable in a block, the last one; p NULL: none. */
static struct span
boot_env_get(struct span text, const char *name)
{
	struct span line, value, found = { NULL, 0 };

	while (span_line(&text, &line)) {
		struct span key = span_until(line, '=', &value);

		if (value.p != NULL && span_is(key, name))
			found = value;
	}
	return found;
}

void
boot_env_read(struct span text, struct boot_env *env)
{
	env->kernelopts = boot_env_get(text, "kernelopts");
	env->tuned_params = boot_env_get(text, "tuned_params");
	if (env->nblocks < LENGTH(env->blocks))
		env->blocks[env->nblocks++] = text;
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
		boot_note(facts, env.kernelopts, 0);
	return 0;
}

/* What "set NAME=value" anywhere in a grub.cfg says of a variable. */
enum set_says { SET_NOTHING, SET_ONE, SET_HARMLESS, SET_MANY };

/*
 * All assignments of a variable: none; one literal value, in *value; several,
 * of which none holds "fips" (whichever counts, the answer is the same); or
 * what cannot be told. Conditions are not evaluated.
 */
static enum set_says
set_in(struct span text, struct span name, struct span *value)
{
	enum set_says says = SET_NOTHING;
	struct span line, word, rest;

	while (span_line(&text, &line)) {
		struct span v, key;

		rest = line;
		if (!span_word(&rest, &word) || !span_is(word, "set"))
			continue;
		key = span_until(span_trim(rest), '=', &v);
		if (v.p == NULL || key.len != name.len ||
		    memcmp(key.p, name.p, name.len) != 0)
			continue;
		v = span_trim(v);
		if (v.len > 1 && (v.p[0] == '"' || v.p[0] == '\'') &&
		    v.p[v.len - 1] == v.p[0])
			v = (struct span){ v.p + 1, v.len - 2 };
		if (memchr(v.p, '$', v.len) != NULL)
			says = SET_MANY;
		else if (says == SET_NOTHING)
			says = SET_ONE;
		else if (says != SET_MANY)
			says = SET_HARMLESS;
		if (says == SET_HARMLESS &&
		    (memmem(v.p, v.len, "fips", 4) != NULL ||
			memmem(value->p, value->len, "fips", 4) != NULL))
			says = SET_MANY;
		*value = v;
	}
	return says;
}

static bool
put_value(struct buf *out, struct span v)
{
	if (v.p == NULL)
		return false;
	if (v.len > 0)
		buf_put(out, v.p, v.len);
	return true;
}

/* A variable of a kernel line: of the environment blocks, else as grub.cfg
 * sets it. Nobody set it: empty, as GRUB has it, unless something that may
 * set it was not read. */
static void
expand_env(void *ctx, struct span name, struct buf *out, size_t *murky)
{
	const struct boot_env *env = ctx;
	struct span v = { NULL, 0 };
	char key[64];
	bool known = false;

	if (span_is(name, "kernelopts"))
		known = put_value(out, env->kernelopts);
	else if (span_is(name, "tuned_params"))
		known = put_value(out, env->tuned_params);
	if (!known && name.len < sizeof(key)) {
		memcpy(key, name.p, name.len);
		key[name.len] = '\0';
		for (size_t i = env->nblocks; !known && i > 0; i--)
			known = put_value(
			    out, boot_env_get(env->blocks[i - 1], key));
	}
	if (!known) {
		enum set_says says = set_in(env->config, name, &v);

		if (says == SET_ONE)
			(void)put_value(out, v);
		known = says == SET_ONE || says == SET_HARMLESS ||
			(says == SET_NOTHING && !env->loads_more);
	}
	if (!known || env->unreadable) {
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

/* "menuentry 'Title' --class x $menuentry_id_option 'id' {" */
static void
read_title(struct span rest, struct boot_entry *e)
{
	struct span last = { NULL, 0 };

	e->title = e->id = (struct span){ NULL, 0 };
	while (rest.len > 0) {
		const char *end;
		char quote = rest.p[0];

		if (quote == '{')
			break;
		if (quote != '\'' && quote != '"') {
			rest.p++;
			rest.len--;
			continue;
		}
		end = memchr(rest.p + 1, quote, rest.len - 1);
		if (end == NULL)
			break;
		last = (struct span){ rest.p + 1, (size_t)(end - rest.p) - 1 };
		if (e->title.p == NULL)
			e->title = last;
		rest.len -= (size_t)(end + 1 - rest.p);
		rest.p = end + 1;
	}
	if (last.p != e->title.p)
		e->id = last;
}

/* Where in the menu a line of grub.cfg stands. */
struct menu {
	struct boot_entry now; /* of the menuentry we are in */
	int depth;	       /* braces that are open */
	int submenu;	       /* depth of the outermost submenu, 0: none */
	int top;	       /* of the next entry outside of submenus */
};

/* The braces that open and close blocks stand at a line's ends. */
static void
menu_line(struct menu *m, struct span line)
{
	struct span rest = line, word = { NULL, 0 };
	bool entry, sub;

	line = span_trim(line);
	if (!span_word(&rest, &word))
		return;
	entry = span_is(word, "menuentry");
	sub = span_is(word, "submenu");
	if (entry || sub) {
		if (m->submenu == 0)
			m->now.top = m->top++;
		m->now.nested = m->submenu != 0 || sub;
		if (entry)
			read_title(rest, &m->now);
	}
	if (sub && m->submenu == 0)
		m->submenu = m->depth + 1;
	if (span_ends(line, "{") && !span_ends(line, "${"))
		m->depth++;
	if (span_is(word, "}") && m->depth > 0 && --m->depth < m->submenu)
		m->submenu = 0;
}

/* Multiboot: Xen's own line is another, the kernel is its first module. */
static bool
is_kernel_command(struct span word, struct span rest)
{
	struct span path = { NULL, 0 }, name;

	if (span_is(word, "linux") || span_is(word, "linux16") ||
	    span_is(word, "linuxefi"))
		return true;
	if (!span_is(word, "module") && !span_is(word, "module2"))
		return false;
	while (span_word(&rest, &path) && span_starts(path, "--"))
		continue;
	if (path.p == NULL)
		return false;
	for (name = path; name.p != NULL; (void)span_until(name, '/', &name))
		path = name;
	return span_starts(path, "vmlinu") || span_starts(path, "bzImage") ||
	       span_starts(path, "linux");
}

/* Does the command read a file that is not in the reading list? grubenv and
 * the files beside grub.cfg are; user.cfg holds a password alone. */
static bool
loads_unread(struct span word, struct span rest)
{
	static const char *const read[] = { "grubenv", "photon.cfg",
		"systemd.cfg", "custom.cfg", "user.cfg" };
	struct span name = { NULL, 0 }, part;

	if (!span_is(word, "load_env") && !span_is(word, "source") &&
	    !span_is(word, "configfile") && !span_is(word, "."))
		return false;
	while (span_word(&rest, &part))
		name = part;
	if (name.p == NULL) /* the block of grub-editenv */
		return !span_is(word, "load_env");
	while (name.len > 0 && memchr("\"';", name.p[name.len - 1], 3) != NULL)
		name.len--;
	for (size_t i = 0; i < LENGTH(read); i++) {
		size_t n = strlen(read[i]);

		if (span_ends(name, read[i]) &&
		    (name.len == n ||
			memchr("/}", name.p[name.len - n - 1], 2) != NULL))
			return false;
	}
	return true;
}

static int
kernel_line(struct span *rest, const struct boot_env *env, const struct menu *m,
    struct boot_facts *facts, struct fault *f)
{
	BUF_AUTO(line, GRUB_VALUE_MAX);
	struct boot_entry e = m->now;
	struct span args;
	size_t murky = 0;

	if (grub_words(rest, env, &line, &murky, f) == -1)
		return -1;
	args = (struct span){ line.p, line.len };
	if (line.len == 0 || !is_regular_entry(args))
		return 0;
	boot_note(facts, args, murky);
	e.fips = facts->last;
	e.has_boot = facts->last_boot;
	return env->entry != NULL ? env->entry(env->ctx, &e, f) : 0;
}

int
boot_grub_cfg(struct span text, const struct boot_env *env,
    struct boot_facts *facts, struct fault *f)
{
	struct boot_env of = *env; /* its own set statements count too */
	struct menu m = { .depth = 0 };

	of.config = text;
	while (text.len > 0) {
		struct span rest = text, word = { NULL, 0 }, first;

		first = span_until(text, '\n', &rest);
		menu_line(&m, first);
		if (span_word(&first, &word) &&
		    is_kernel_command(word, first)) {
			rest = (struct span){ first.p,
				(size_t)(text.p + text.len - first.p) };
			if (kernel_line(&rest, &of, &m, facts, f) == -1)
				return -1;
		} else if (loads_unread(word, first)) {
			of.loads_more = true;
		} else if (span_is(word, "blscfg")) {
			facts->blscfg = true;
		}
		text = rest;
		if (text.p == NULL)
			break;
	}
	return 0;
}

struct span
boot_grub_default_entry(struct span text, const struct boot_env *env)
{
	struct span line, rest, word, value, said = { NULL, 0 };
	bool saved = false, next = false;

	while (span_line(&text, &line)) {
		rest = line;
		next |= memmem(line.p, line.len, "next_entry", 10) != NULL;
		if (!span_word(&rest, &word) || !span_is(word, "set") ||
		    !span_is(
			span_until(span_trim(rest), '=', &value), "default") ||
		    value.p == NULL)
			continue;
		value = span_trim(value);
		if (value.len > 1 && (value.p[0] == '"' || value.p[0] == '\''))
			value = (struct span){ value.p + 1, value.len - 2 };
		if (memmem(value.p, value.len, "saved_entry", 11) != NULL)
			saved = true;
		else if (memchr(value.p, '$', value.len) == NULL)
			said = value;
	}
	for (size_t i = 0; i < env->nblocks; i++) {
		value = boot_env_get(env->blocks[i], "next_entry");
		if (next && value.p != NULL && value.len > 0)
			return value;
	}
	for (size_t i = 0; (saved || said.p == NULL) && i < env->nblocks; i++) {
		value = boot_env_get(env->blocks[i], "saved_entry");
		if (value.p != NULL && value.len > 0)
			return value;
	}
	return said.p != NULL ? said : (struct span){ "0", 1 };
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
	bool entry = false, image = false, options = false;
	size_t murky = 0;

	while (span_line(&text, &line)) {
		if (!span_word(&line, &key) || key.p[0] == '#')
			continue;
		image |= span_is(key, "efi") || span_is(key, "uki");
		options |= span_is(key, "options");
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
	if (image && !options) { /* its command line is in the image */
		buf_putc(&args, ' ');
		murky = args.len;
	}
	boot_note(facts, (struct span){ args.len > 0 ? args.p : "", args.len },
	    murky);
	return 0;
}

/* One section of zipl.conf(5), complete. */
static int
zipl_section(struct span name, struct span parameters, bool elsewhere,
    const struct boot_env *env, struct boot_facts *facts, struct fault *f)
{
	struct boot_entry e = { .title = name, .top = (int)facts->entries };
	BUF_AUTO(line, GRUB_VALUE_MAX);

	if (name.p == NULL || (parameters.p == NULL && !elsewhere))
		return 0;
	if (parameters.len > 0)
		buf_put(&line, parameters.p, parameters.len);
	buf_putc(&line, ' ');
	if (buf_done(&line, "parameters", f) == -1)
		return -1;
	boot_note(
	    facts, (struct span){ line.p, line.len }, elsewhere ? line.len : 0);
	e.fips = facts->last;
	e.has_boot = facts->last_boot;
	return env->entry != NULL ? env->entry(env->ctx, &e, f) : 0;
}

int
boot_zipl(struct span text, const struct boot_env *env,
    struct boot_facts *facts, struct fault *f)
{
	struct span line, value, name = { NULL, 0 }, parameters = { NULL, 0 };
	bool elsewhere = false, kernel = false;

	while (span_line(&text, &line)) {
		struct span key;

		line = span_trim(line);
		if (line.len == 0 || line.p[0] == '#' || line.p[0] == ';')
			continue;
		if (line.p[0] == '[' || line.p[0] == ':') {
			if (zipl_section(name, parameters,
				elsewhere || (kernel && parameters.p == NULL),
				env, facts, f) == -1)
				return -1;
			name = line.p[0] == '[' ? (struct span){ line.p + 1,
				line.len - 1 - span_ends(line, "]") }
						: (struct span){ NULL, 0 };
			parameters = (struct span){ NULL, 0 };
			elsewhere = kernel = false;
			continue;
		}
		key = span_trim(span_until(line, '=', &value));
		if (value.p == NULL)
			continue;
		value = span_trim(value);
		if (value.len > 1 &&
		    (value.p[0] == '"' || value.p[0] == '\'') &&
		    value.p[value.len - 1] == value.p[0])
			value = (struct span){ value.p + 1, value.len - 2 };
		if (span_is(key, "parameters"))
			parameters = value;
		kernel |= span_is(key, "image");
		elsewhere |= span_is(key, "parmfile");
	}
	return zipl_section(name, parameters,
	    elsewhere || (kernel && parameters.p == NULL), env, facts, f);
}

int
boot_oem(struct span text, struct boot_facts *facts, struct fault *f)
{
	struct span line, rest, word, value;
	BUF_AUTO(args, GRUB_VALUE_MAX);
	size_t murky = 0;
	bool seen = false;

	while (span_line(&text, &line)) {
		struct boot_env none = { .loads_more = true };
		const struct shell_vars vars = { expand_env, &none };
		bool joined;

		rest = line;
		if (!span_word(&rest, &word) || !span_is(word, "set") ||
		    !span_is(span_until(span_trim(rest), '=', &value),
			"linux_append") ||
		    value.p == NULL)
			continue;
		seen = true;
		buf_reset(&args);
		murky = 0;
		if (shell_word(&value, &vars, &args, &murky, &joined, f) == -1)
			return -1;
	}
	if (buf_done(&args, "linux_append", f) == -1)
		return -1;
	if (seen)
		boot_note(facts,
		    (struct span){ args.len > 0 ? args.p : "", args.len },
		    murky);
	return 0;
}
