/*
 * The script a remote host runs, and nothing else of ours runs there.
 *
 * It writes, after a line that begins it, a line "h LIVE ENCODER" and for
 * each thing found:
 *	e ITEM TYPE OUTCOME MODE MTIME SIZE
 *	the path, encoded, where the item is a glob; then "."
 *	where a link points, encoded; then "."
 *	the bytes, encoded, or "s DIGEST"; then ". STATUS"
 * and a line that ends it. Encoded text is base64 or od's hexadecimal, so no
 * file name and no content can contain a line of the frame.
 */
#include "collector/node/ssh_script.h"

#include <string.h>

#include "collector/node/settings.h"
#include "collector/node/source.h"

/* What a unit says that sets a variable of ours, for grep -E. */
#define SSH_VARIABLES                                                          \
	"(GNUTLS|GODEBUG|LD_(LIBRARY|PRELOAD)|LIBGCRYPT|NSS_FIPS|OPENSSL|"     \
	"EnvironmentFile)"

/* dash, busybox ash, bash as sh: functions, no arrays, no local. Redirections
 * are on "<", so a name is never taken for an option. */
static const char prologue[] =
    "exec 2>/dev/null\n"
    "PATH=" COMMAND_PATH "\n"
    "LC_ALL=C\n"
    "export PATH LC_ALL\n"
    "unset CDPATH\n"
    "cd /\n"
    "say() { printf '%s\\n' \"$*\"; }\n"
    "say ''\n"
    "say '" SSH_BEGIN "'\n"
    "live=0\n"
    "[ -r /proc/self/stat ] && live=1\n"
    "if [ \"$(printf a | base64)\" = YQ== ]; then\n"
    "	x=base64\n"
    "	enc() { base64; }\n"
    "else\n"
    "	x=none\n"
    "	case \"$(printf a | od -An -v -tx1)\" in *61*) x=hex;; esac\n"
    "	enc() { od -An -v -tx1; }\n"
    "fi\n"
    "say h $live $x\n"
    "[ $x = none ] && exit 0\n"
    "limit=\n"
    "timeout 10 true && limit='timeout 10'\n"
    "heads=\n"
    "[ \"$(printf ab | head -c 1)\" = a ] && heads=1\n"
    /* most bytes of a command: without head the reader's cap must do */
    "cap() { if [ -n \"$heads\" ]; then head -c $(($1 + 1)); else cat; fi; }\n"
    /* mode, time and size of what $1 leads to, in m */
    "look() {\n"
    "	m=$(stat -L -c '%a %Y %s' \"$1\")\n"
    "	[ -n \"$m\" ] && return\n"
    "	set -f\n"
    "	set -- $(ls -ldnL \"$1\")\n"
    "	set +f\n"
    "	m=\"${1:--} - ${5:--}\"\n"
    "}\n"
    /* true: $1 may be there, but a folder above it may not be searched */
    "hidden() {\n"
    "	d=$1\n"
    "	while :; do\n"
    "		d=${d%/*}\n"
    "		[ -n \"$d\" ] || return 1\n"
    "		if [ -d \"$d\" ]; then\n"
    "			[ -x \"$d\" ] && return 1\n"
    "			return 0\n"
    "		fi\n"
    "		[ -e \"$d\" ] && return 1\n"
    "	done\n"
    "}\n"
    /* a link that leads nowhere we can see: why */
    "astray() {\n"
    "	case \"$(ls -dL \"$1\" 2>&1 >/dev/null)\" in\n"
    "	*': Permission denied') o=d;;\n"
    "	*': No such file or directory') o=a;;\n"
    "	*': Not a directory') o=a;;\n"
    "	*) o=l;;\n"
    "	esac\n"
    "}\n"
    /* item, type, outcome, attributes, path */
    "frame() {\n"
    "	say e $1 $2 $3 $4\n"
    "	[ -n \"$5\" ] && printf %s \"$5\" | enc\n"
    "	say .\n"
    "	[ $2 = l ] && readlink \"$6\" | enc\n"
    "	say .\n"
    "}\n"
    /* file, bytes, offset: a number there, as little-endian hosts write it */
    "num() {\n"
    "	v=$(od -An -v -tu$2 -j $3 -N $2 \"$1\")\n"
    "	echo $((v + 0))\n"
    "}\n"
    /* where the section .cmdline of a UEFI image lies: at and len (pe.h);
     * its name is compared as two numbers */
    "section() {\n"
    "	p=$(num \"$1\" 4 60)\n"
    "	[ $p -le 1048576 ] && [ \"$(num \"$1\" 4 $p)\" = 17744 ] || return 1\n"
    "	n=$(num \"$1\" 2 $((p + 6)))\n"
    "	p=$((p + 24 + $(num \"$1\" 2 $((p + 20)))))\n"
    "	while [ $n -gt 0 ] && [ $n -le 96 ]; do\n"
    "		if [ $(num \"$1\" 4 $p) = 1684890414 ] &&\n"
    "		    [ $(num \"$1\" 4 $((p + 4))) = 1701734764 ]; then\n"
    "			len=$(num \"$1\" 4 $((p + 8)))\n"
    "			at=$(num \"$1\" 4 $((p + 16)))\n"
    "			[ $len -le $at ] || len=$at\n"
    "			at=$(num \"$1\" 4 $((p + 20)))\n"
    "			[ $len -le $2 ]\n"
    "			return\n"
    "		fi\n"
    "		p=$((p + 40)) n=$((n - 1))\n"
    "	done\n"
    "	return 1\n"
    "}\n"
    /* item, most bytes, c(ontent) d(igest) e(xists) p(E), path, path to send */
    "f() {\n"
    "	o=o m='- - -'\n"
    "	if [ -L \"$4\" ]; then t=l\n"
    "	elif [ -f \"$4\" ]; then t=f\n"
    "	elif [ -d \"$4\" ]; then t=d\n"
    "	elif [ -e \"$4\" ]; then t=o\n"
    "	elif hidden \"$4\"; then t=o o=d\n"
    "	else return 0; fi\n"
    "	if [ $o = o ]; then\n"
    "		if ! [ -e \"$4\" ]; then astray \"$4\"\n"
    "		elif ! [ -f \"$4\" ]; then o=n\n"
    "		elif [ $3 = e ]; then look \"$4\"\n"
    "		elif [ $3 = p ]; then\n"
    "			look \"$4\"\n"
    "			m=\"${m% *} -\"\n"
    "			section \"$4\" $2 || o=r\n"
    "		elif ! [ -r \"$4\" ]; then o=d\n"
    "		else\n"
    "			look \"$4\"\n"
    "			z=$(wc -c < \"$4\")\n"
    "			m=\"${m% *} \"$((z + 0))\n"
    "			[ -n \"$z\" ] || o=r\n"
    "			[ $((z + 0)) -le $2 ] || o=b\n"
    "		fi\n"
    "	fi\n"
    "	frame $1 $t $o \"$m\" \"$5\" \"$4\"\n"
    "	r=0\n"
    "	case $o$3 in\n"
    "	oc) enc < \"$4\"; r=$?;;\n"
    "	op) od -An -v -tx1 -j $at -N $len \"$4\" |\n"
    "	    while read -r l; do say \"x $l\"; done;;\n"
    "	od) say s $(sha256sum < \"$4\");;\n"
    "	esac\n"
    "	printf '\\n. %s\\n' $r\n"
    "}\n"
    /* item, most bytes, how, folder, the names the shell found */
    "g() {\n"
    "	gi=$1 gm=$2 gh=$3 gd=$4\n"
    "	shift 4\n"
    "	o=\n"
    "	if ! [ -d \"$gd/\" ]; then\n"
    "		[ -e \"$gd\" ] && return 0\n"
    "		hidden \"$gd\" || return 0\n"
    "		o=d\n"
    "	elif ! [ -r \"$gd/\" ] || ! [ -x \"$gd/\" ]; then o=d\n"
    "	elif [ $# -gt " SSH_STRING(
	GLOB_MAX) " ]; then o=m\n"
		  "	fi\n"
		  "	if [ -n \"$o\" ]; then\n"
		  "		frame $gi d $o '- - -' \"$gd\"\n"
		  "		say . 0\n"
		  "		return 0\n"
		  "	fi\n"
		  "	for gp; do\n"
		  "		if [ -e \"$gp\" ] || [ -L \"$gp\" ]; then\n"
		  "			f $gi $gm $gh \"$gp\" \"$gp\"\n"
		  "		fi\n"
		  "	done\n"
		  "}\n"
		  /* as g, of many files: those alone that may not be read or
		   * hold a line that sets a variable, told by grep */
		  "q() {\n"
		  "	qi=$1 qm=$2 qh=$3 qd=$4\n"
		  "	shift 4\n"
		  "	g $qi $qm $qh \"$qd\"\n"
		  "	[ $# -le " SSH_STRING(
		      GLOB_MAX) " ] || return 0\n"
				"	for qp; do\n"
				"		[ -r \"$qp\" ] || { [ -e "
				"\"$qp\" ] &&\n"
				"		    f $qi $qm $qh \"$qp\" "
				"\"$qp\"; }\n"
				"	done\n"
				"	for qp in $(grep -lsE \"$vars\" \"$@\" "
				"/dev/null); do\n"
				"		case $qp in \"$qd\"/*)\n"
				"			f $qi $qm $qh \"$qp\" "
				"\"$qp\"\n"
				"			sf=\"$sf $qp\";;\n"
				"		esac\n"
				"	done\n"
				"}\n"
				/* the paths that the variable $1 has in files
				 * of settings, or that $1 includes; no name
				 * with a blank is taken */
				"names() {\n"
				"	case $1 in\n"
				"	.*) nl='^[[:blank:]]*\\.include' "
				"nf=$cf;;\n"
				"	*) nl=\"$1\" nf=$sf;;\n"
				"	esac\n"
				"	grep -hsoE "
				"\"$nl[]A-Z[:blank:]=\\\"'-[]*(/"
				"[A-Za-z0-9._@:+,=-]+)+\" "
				"$nf /dev/null | sed 's#^[^/]*##' | sort -u | "
				"head -n 64\n"
				"}\n"
				/* item, most bytes, how, variable, what follows
				   its value */
				"n() {\n"
				"	for np in $(names \"$4\"); do\n"
				"		[ \"$4\" = EnvironmentFile ] "
				"&& sf=\"$sf $np\"\n"
				"		[ \"$4\" = OPENSSL_CONF ] && "
				"cf=\"$cf $np\"\n"
				"		if [ -e \"$np$5\" ] || [ -L "
				"\"$np$5\" ] || "
				"hidden \"$np$5\"; then\n"
				"			f $1 $2 $3 \"$np$5\" "
				"\"$np$5\"\n"
				"		else\n"
				"			frame $1 o a '- - -' "
				"\"$np$5\"\n"
				"			say . 0\n"
				"		fi\n"
				"	done\n"
				"}\n"
				/* item, most bytes, command line */
				"c() {\n"
				"	frame $1 o o '- - -'\n"
				"	exec 4>&1\n"
				"	r=$( {\n"
				"		{ $limit sh -c \"$3\" "
				"</dev/null 3>&- 4>&-; "
				"echo $? >&3; } |\n"
				"		    cap $2 | enc >&4\n"
				"	} 3>&1 )\n"
				"	exec 4>&-\n"
				"	printf '\\n. %s\\n' \"${r:-1}\"\n"
				"}\n";

static const char epilogue[] = "say '" SSH_END "'\n"
			       "exit 0\n";

/* POSIX sh single quotes: only ' itself ends them. */
static void
quote(struct buf *out, const char *s, size_t len)
{
	buf_putc(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, s[i]);
	}
	buf_putc(out, '\'');
}

/* Of a glob: its folder, and the shell's pattern for its names. */
static void
put_glob(struct buf *out, const struct path_glob *g)
{
	quote(out, g->folder, g->folder_len);
	buf_putc(out, ' ');
	quote(out, g->folder, g->folder_len + 1 + g->prefix_len);
	buf_putc(out, '*');
	quote(out, g->suffix, g->suffix_len);
}

/* A glob below each folder of a glob. */
static void
put_folders(struct buf *out, size_t i, const struct manifest_item *item,
    const struct path_glob *outer)
{
	const char *last = strrchr(item->path, '/');
	struct path_glob g;

	(void)glob_split(last, &g);
	buf_puts(out, "for d in ");
	quote(out, outer->folder, outer->folder_len + 1 + outer->prefix_len);
	buf_putc(out, '*');
	quote(out, outer->suffix, outer->suffix_len);
	buf_printf(out, "; do [ -d \"$d\" ] && %s %zu %zu c \"$d\" \"$d\"",
	    item->flags & M_QUIET ? "q" : "g", i, item->max);
	quote(out, last, 1 + g.prefix_len);
	buf_putc(out, '*');
	quote(out, g.suffix, g.suffix_len);
	buf_puts(out, "; done");
}

static void
put_named(struct buf *out, size_t i, const struct manifest_item *item)
{
	const char *rest;
	struct span name = settings_item(item->path, &rest);

	buf_printf(out, "n %zu %zu %s ", i, item->max,
	    item->flags & M_DIGEST ? "d" : "c");
	quote(out, name.p, name.len);
	buf_putc(out, ' ');
	quote(out, rest, strlen(rest));
}

/* Where settings lie that are read whatever they say. */
static void
put_settings(struct buf *out, const struct manifest_item *items)
{
	buf_puts(out, "vars='" SSH_VARIABLES "'\ncf=\nsf='");
	for (; items->path != NULL; items++)
		if ((items->flags & M_SETTINGS) &&
		    !(items->flags & (M_NAMED | M_QUIET)))
			buf_printf(out, " %s", items->path);
	buf_puts(out, "'\n");
}

static void
put_item(struct buf *out, size_t i, const struct manifest_item *item)
{
	char folders[ENTRY_PATH_MAX];
	const char *how = item->flags & M_EXISTS   ? "e"
			  : item->flags & M_DIGEST ? "d"
			  : item->flags & M_PE	   ? "p"
						   : "c";
	struct path_glob g;

	if (item->flags & M_COMMAND) {
		buf_printf(out, "c %zu %zu ", i, item->max);
		quote(out, item->path + 1, strlen(item->path + 1));
	} else if (item->flags & M_NAMED) {
		put_named(out, i, item);
	} else if (glob_outer(item->path, folders, &g)) {
		put_folders(out, i, item, &g);
	} else if (glob_split(item->path, &g)) {
		buf_printf(out, "%s %zu %zu %s ",
		    item->flags & M_QUIET ? "q" : "g", i, item->max, how);
		put_glob(out, &g);
	} else {
		buf_printf(out, "f %zu %zu %s ", i, item->max, how);
		quote(out, item->path, strlen(item->path));
	}
	buf_putc(out, '\n');
}

int
ssh_script(const struct manifest_item *items, bool commands, struct buf *out,
    struct fault *f)
{
	buf_puts(out, prologue);
	put_settings(out, items);
	for (size_t i = 0; items[i].path != NULL; i++)
		if (commands || !(items[i].flags & M_COMMAND))
			put_item(out, i, &items[i]);
	buf_puts(out, epilogue);
	return buf_done(out, "script", f);
}
