/* The sources of a node's snapshot: a root directory, ssh, the providers'
 * child, the metadata service; and the collector over them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/clock.h"
#include "base/length.h"
#include "base/child.h"
#include "collector/node/imds.h"
#include "collector/node_kinds/node_kinds.h"
#include "collector/node/processes.h"
#include "collector/node/provider.h"
#include "collector/node/source.h"
#include "collector/node/ssh.h"
#include "tests/wrong_shapes.h"

#define NOBODY 65534
#define MAC_OF_ABC                                                             \
	"f25ab6ea6d06b263084cc1bf92d6c6ef"                                     \
	"6bedeb78aae1d9e1e2c01496d3704a20"
#define END                                                                    \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

static struct crypto *crypto;
static char base[64]; /* a temporary folder for one test */

/* ---- a folder to work in ---- */

static const char *
at(const char *name)
{
	static char path[8][512];
	static unsigned turn;
	char *p = path[turn++ % 8];

	(void)snprintf(p, sizeof(path[0]), "%s/%s", base, name);
	return p;
}

static void
folder(const char *name)
{
	assert_int_equal(mkdir(at(name), 0755), 0);
}

static void
file_of(const char *name, const void *p, size_t len, mode_t mode)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd != -1);
	assert_int_equal(write(fd, p, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static void
file(const char *name, const char *text)
{
	file_of(name, text, strlen(text), 0644);
}

static void
link_to(const char *target, const char *name)
{
	assert_int_equal(symlink(target, at(name)), 0);
}

static int
begin(void **state)
{
	(void)state;
	(void)snprintf(base, sizeof(base), "/tmp/exhibit-node-XXXXXX");
	if (mkdtemp(base) == NULL || chmod(base, 0755) == -1)
		return -1;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
end(void **state)
{
	(void)state;
	return nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int
make_crypto(void **state)
{
	struct fault f;

	(void)state;
	return (crypto = crypto_new(false, &f)) == NULL ? -1 : 0;
}

static int
free_crypto(void **state)
{
	(void)state;
	crypto_free(crypto);
	return 0;
}

/* ---- a root directory ---- */

static const enum resolver resolvers[] = { RESOLVER_KERNEL, RESOLVER_WALK };
#define EACH_RESOLVER(r) for (size_t r = 0; r < LENGTH(resolvers); r++)

static void
read_base(struct snapshot *s, const struct manifest_item *items,
    enum resolver resolver)
{
	struct fault f = { 0 };

	if (snapshot_read_root_by(
		s, items, base, false, resolver, crypto, &f) == -1)
		fail_msg("%s", f.text);
}

static void
is_refused(const struct snapshot *s, const char *path, enum outcome outcome,
    const char *reason)
{
	const struct entry *e = snapshot_find(s, path);

	assert_non_null(e);
	assert_int_equal(e->outcome, outcome);
	assert_non_null(e->reason);
	assert_non_null(strstr(e->reason, reason));
	assert_int_equal(e->bytes.len, 0);
	assert_false(e->has_digest);
}

static void
is_text(const struct snapshot *s, const char *path, const char *text)
{
	const struct entry *e = snapshot_find(s, path);

	assert_non_null(e);
	assert_int_equal(e->outcome, OUTCOME_OBSERVED);
	assert_int_equal(e->bytes.len, strlen(text));
	if (text[0] != '\0')
		assert_memory_equal(e->bytes.p, text, strlen(text));
}

/* A recorded database of rpm, below the root. */
static void
recorded_database(const char *name, const char *as)
{
	char command[1024];

	(void)snprintf(command, sizeof(command),
	    "gzip -dc fixtures/rpm/%s.gz > '%s'", name, at(as));
	assert_int_equal(system(command), 0);
}

static void
reads_the_packages_of_rpm_without_rpm(void **state)
{
	static const char path[] = "/var/lib/rpm/rpmdb.sqlite";
	static const struct manifest_item items[] = {
		{ path, 65536, M_RPM | M_EXISTS },
		END,
	};
	static const char libs[] =
	    "openssl-libs\t1:3.2.2-6.el9_5\tx86_64\tExample Linux\t";
	const struct entry *e;

	(void)state;
	folder("var");
	folder("var/lib");
	folder("var/lib/rpm");
	recorded_database("rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite");
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };

		read_base(&s, items, resolvers[i]);
		/* the file itself is only there: its bytes change */
		assert_non_null(e = snapshot_find(&s, path));
		assert_int_equal(e->outcome, OUTCOME_OBSERVED);
		assert_int_equal(e->bytes.len, 0);
		assert_non_null(e = snapshot_find(
				    &s, RPM_TABLE "/var/lib/rpm/rpmdb.sqlite"));
		assert_int_equal(e->outcome, OUTCOME_OBSERVED);
		assert_non_null(strstr(e->bytes.p, libs));
		/* nobody built it, nobody signed it */
		assert_non_null(strstr(e->bytes.p,
		    "openssl-fips-provider\t1:3.2.2-6.el9_5\tx86_64\t\t\n"));
		assert_null(strstr(e->bytes.p, "bash"));
		snapshot_free(&s);
	}
}

static void
a_database_of_rpm_that_is_none_is_refused(void **state)
{
	static const char path[] = "/rpmdb.sqlite";
	static const struct manifest_item items[] = {
		{ path, 65536, M_RPM | M_EXISTS },
		END,
	};
	struct snapshot s = { 0 };

	(void)state;
	file("rpmdb.sqlite", "no database");
	read_base(&s, items, RESOLVER_KERNEL);
	is_refused(
	    &s, RPM_TABLE "/rpmdb.sqlite", OUTCOME_ERROR, "RPM database");
	snapshot_free(&s);
	s = (struct snapshot){ 0 };
	/* a log that may not be read holds what the database has not */
	recorded_database("wal.sqlite", "rpmdb.sqlite");
	recorded_database("wal.sqlite-wal", "rpmdb.sqlite-wal");
	read_base(&s, items, RESOLVER_KERNEL);
	assert_non_null(snapshot_find(&s, RPM_TABLE "/rpmdb.sqlite"));
	assert_int_equal(
	    snapshot_outcome(&s, RPM_TABLE "/rpmdb.sqlite"), OUTCOME_OBSERVED);
	snapshot_free(&s);
	s = (struct snapshot){ 0 };
	assert_int_equal(unlink(at("rpmdb.sqlite-wal")), 0);
	link_to("rpmdb.sqlite-wal", "rpmdb.sqlite-wal");
	read_base(&s, items, RESOLVER_KERNEL);
	is_refused(
	    &s, RPM_TABLE "/rpmdb.sqlite", OUTCOME_ERROR, "write-ahead log");
	snapshot_free(&s);
}

/* printf abc | openssl dgst -sha256 -mac HMAC -macopt hexkey:... */
static void
the_integrity_value_of_a_module_is_computed(void **state)
{
	static const struct manifest_item items[] = {
		{ "/fips.so", 100, M_DIGEST },
		END,
	};
	struct snapshot s = { 0 };
	const struct entry *e;
	char hex[SHA256_HEX];

	(void)state;
	file("fips.so", "abc");
	read_base(&s, items, RESOLVER_KERNEL);
	assert_non_null(e = snapshot_find(&s, "/fips.so"));
	assert_true(e->has_mac);
	hex_encode(e->mac, SHA256_LEN, hex);
	assert_string_equal(hex, MAC_OF_ABC);
	snapshot_free(&s);
}

static void
programs_with_replaced_libraries_are_found(void **state)
{
	static const char line[] =
	    "7f1-7f2 r-xp 00000000 08:01 12  /usr/lib64/libcrypto.so.3";
	static const char other[] =
	    "7f1-7f2 r-xp 00000000 08:01 12  /usr/lib64/libc.so.6";
	BUF_AUTO(out, 65536);
	struct fault f = { 0 };
	int fd;

	(void)state;
	assert_true(processes_concern(line, strlen(line)));
	assert_false(processes_concern(other, strlen(other)));
	assert_false(processes_concern("x", 1));
	/* a procfs of our own: one program, one that has ended */
	folder("proc");
	folder("proc/7");
	folder("proc/8");
	folder("proc/self");
	file("proc/7/comm", "nginx\n");
	file("proc/7/maps",
	    "1-2 r-xp 0 08:01 1  /usr/lib64/libcrypto.so.3 (deleted)\n"
	    "1-2 r--p 0 08:01 1  /usr/lib64/libssl.so.3\n"
	    "1-2 r-xp 0 08:01 1  /usr/lib64/libc.so.6\n");
	assert_true((fd = open(at("proc"), O_RDONLY | O_DIRECTORY)) != -1);
	assert_int_equal(processes_list(fd, &out, &f), 0);
	(void)close(fd);
	assert_non_null(strstr(out.p,
	    "= nginx\n1-2 r-xp 0 08:01 1  /usr/lib64/libcrypto.so.3 "
	    "(deleted)\n"));
	/* 8 is there and its maps are not */
	assert_non_null(strstr(out.p, "? 8\n"));
	assert_null(strstr(out.p, "libc.so.6"));
	assert_null(strstr(out.p, "libssl"));
}

static void
reads_bytes_size_mode_and_digest(void **state)
{
	static const struct manifest_item items[] = {
		{ "/etc/a", 100, M_CONTENT },
		{ "/etc/digest", 100, M_DIGEST },
		{ "/etc/empty", 100, M_CONTENT },
		{ "/etc/missing", 100, M_CONTENT },
		{ "/etc/a/below-a-file", 100, M_CONTENT },
		{ "/etc/volatile", 100, M_VOLATILE },
		END,
	};
	static const char abc[] = "ba7816bf8f01cfea414140de5dae2223"
				  "b00361a396177a9cb410ff61f20015ad";

	(void)state;
	folder("etc");
	file_of("etc/a", "a\0b\n", 4, 0640);
	file("etc/digest", "abc");
	file("etc/empty", "");
	file("etc/volatile", "abc");
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };
		const struct entry *e;
		char hex[SHA256_HEX];

		read_base(&s, items, resolvers[i]);
		assert_int_equal(s.n, 4);
		e = snapshot_find(&s, "/etc/a");
		assert_int_equal(e->bytes.len, 4);
		assert_memory_equal(e->bytes.p, "a\0b\n", 4);
		assert_int_equal(e->mode, 0640);
		assert_int_equal(e->type, ENTRY_FILE);
		assert_true(e->has_digest && e->mtime > 1600000000);
		e = snapshot_find(&s, "/etc/digest");
		hex_encode(e->sha256, SHA256_LEN, hex);
		assert_string_equal(hex, abc);
		assert_int_equal(e->size, 3);
		assert_int_equal(e->bytes.len, 0);
		is_text(&s, "/etc/empty", "");
		is_text(&s, "/etc/volatile", "abc");
		assert_false(snapshot_find(&s, "/etc/volatile")->has_digest);
		assert_int_equal(
		    snapshot_outcome(&s, "/etc/missing"), OUTCOME_ABSENT);
		assert_int_equal(s.bytes, 4 + 0 + 3);
		assert_false(s.live);
		snapshot_free(&s);
	}
}

static void
follows_links_inside_the_root(void **state)
{
	static const struct manifest_item items[] = {
		{ "/absolute", 100, M_CONTENT },
		{ "/up", 100, M_CONTENT },
		{ "/chain", 100, M_CONTENT },
		{ "/folder/f", 100, M_CONTENT },
		END,
	};

	(void)state;
	folder("real");
	file("real/f", "inside");
	link_to("/real/f", "absolute");
	link_to("../../../real/./f", "up"); /* the root's .. is the root */
	link_to("/real/../absolute", "chain");
	link_to("real/", "folder");
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };

		read_base(&s, items, resolvers[i]);
		assert_int_equal(s.n, 4);
		for (size_t k = 0; k < s.n; k++)
			is_text(&s, s.entries[k].path, "inside");
		assert_int_equal(
		    snapshot_find(&s, "/absolute")->type, ENTRY_LINK);
		assert_string_equal(
		    snapshot_find(&s, "/absolute")->target, "/real/f");
		assert_int_equal(
		    snapshot_find(&s, "/folder/f")->type, ENTRY_FILE);
		snapshot_free(&s);
	}
}

static void
no_link_leads_outside_the_root(void **state)
{
	static const struct manifest_item items[] = {
		{ "/up", 100, M_CONTENT },
		{ "/absolute", 100, M_DIGEST },
		{ "/folder/secret", 100, M_CONTENT },
		{ "/folder/*", 100, M_CONTENT },
		END,
	};
	char root[128];

	(void)state;
	file("secret", "outside");
	folder("root");
	link_to("../secret", "root/up");
	link_to(at("secret"), "root/absolute");
	link_to("..", "root/folder");
	(void)snprintf(root, sizeof(root), "%s/root", base);
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };
		struct fault f;

		assert_int_equal(snapshot_read_root_by(&s, items, root, false,
				     resolvers[i], crypto, &f),
		    0);
		is_refused(&s, "/up", OUTCOME_ABSENT, "points to nothing");
		is_refused(&s, "/absolute", OUTCOME_ABSENT, "nothing");
		assert_int_equal(snapshot_find(&s, "/up")->type, ENTRY_LINK);
		assert_null(snapshot_find(&s, "/folder/secret"));
		/* the root again, seen through its own ".." */
		assert_non_null(snapshot_find(&s, "/folder/up"));
		for (size_t k = 0; k < s.n; k++)
			assert_int_equal(s.entries[k].bytes.len, 0);
		snapshot_free(&s);
	}
}

static void
a_loop_of_links_is_an_error(void **state)
{
	static const struct manifest_item items[] = {
		{ "/a", 100, M_CONTENT },
		{ "/self/x", 100, M_CONTENT },
		{ "/self/*", 100, M_CONTENT },
		END,
	};

	(void)state;
	link_to("b", "a");
	link_to("a", "b");
	link_to("self", "self");
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };

		read_base(&s, items, resolvers[i]);
		is_refused(&s, "/a", OUTCOME_ERROR, "Too many levels");
		is_refused(&s, "/self/x", OUTCOME_ERROR, "Too many levels");
		is_refused(&s, "/self", OUTCOME_ERROR, "Too many levels");
		snapshot_free(&s);
	}
}

static void
only_regular_files_are_opened(void **state)
{
	static const struct manifest_item items[] = {
		{ "/fifo", 100, M_CONTENT },
		{ "/to-fifo", 100, M_DIGEST },
		{ "/folder", 100, M_CONTENT },
		END,
	};

	(void)state;
	folder("folder");
	assert_int_equal(mkfifo(at("fifo"), 0644), 0);
	link_to("fifo", "to-fifo");
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };

		read_base(&s, items, resolvers[i]);
		is_refused(&s, "/fifo", OUTCOME_ERROR, "not a regular file");
		is_refused(&s, "/to-fifo", OUTCOME_ERROR, "not a regular");
		is_refused(&s, "/folder", OUTCOME_ERROR, "not a regular file");
		assert_int_equal(snapshot_find(&s, "/fifo")->type, ENTRY_OTHER);
		assert_int_equal(
		    snapshot_find(&s, "/folder")->type, ENTRY_FOLDER);
		snapshot_free(&s);
	}
}

static void
what_is_too_large_is_an_error_and_never_cut(void **state)
{
	static const struct manifest_item items[] = {
		{ "/exact", 5, M_CONTENT },
		{ "/large", 5, M_CONTENT },
		{ "/large-digest", 5, M_DIGEST },
		{ "/exists", 0, M_EXISTS },
		END,
	};

	(void)state;
	file("exact", "12345");
	file("large", "123456");
	file("large-digest", "123456");
	file("exists", "123456");
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };

		read_base(&s, items, resolvers[i]);
		is_text(&s, "/exact", "12345");
		is_refused(&s, "/large", OUTCOME_ERROR, "larger than 5 bytes");
		is_refused(
		    &s, "/large-digest", OUTCOME_ERROR, "larger than 5 bytes");
		assert_int_equal(
		    snapshot_outcome(&s, "/exists"), OUTCOME_OBSERVED);
		assert_int_equal(snapshot_find(&s, "/exists")->size, 6);
		assert_int_equal(snapshot_find(&s, "/exists")->bytes.len, 0);
		snapshot_free(&s);
	}
}

static void
a_glob_gives_its_files_by_name(void **state)
{
	static const struct manifest_item items[] = {
		{ "/d/x*.conf", 100, M_CONTENT },
		{ "/none/*", 100, M_CONTENT },
		{ "/*.txt", 100, M_CONTENT },
		END,
	};

	(void)state;
	folder("d");
	file("d/xb.conf", "b");
	file("d/xa.conf", "a");
	file("d/x.conf", "");
	file("d/.xc.conf", "hidden");
	file("d/y.conf", "other");
	file("d/x.con", "short");
	file("top.txt", "t");
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };
		size_t n;
		const struct entry *e;

		read_base(&s, items, resolvers[i]);
		assert_int_equal(s.n, 4);
		e = snapshot_under(&s, "/d/", &n);
		assert_int_equal(n, 3);
		assert_string_equal(e[0].path, "/d/x.conf");
		assert_string_equal(e[1].path, "/d/xa.conf");
		assert_string_equal(e[2].path, "/d/xb.conf");
		is_text(&s, "/top.txt", "t");
		assert_null(snapshot_under(&s, "/none/", &n));
		assert_int_equal(n, 0);
		snapshot_free(&s);
	}
}

static void
a_folder_of_too_many_files_is_an_error(void **state)
{
	static const struct manifest_item items[] = {
		{ "/d/*", 100, M_CONTENT },
		{ "/after", 100, M_CONTENT },
		END,
	};
	struct snapshot s = { 0 };
	char name[32];

	(void)state;
	folder("d");
	file("after", "read all the same");
	for (int i = 0; i <= GLOB_MAX; i++) {
		(void)snprintf(name, sizeof(name), "d/%d", i);
		file(name, "");
	}
	read_base(&s, items, RESOLVER_KERNEL);
	assert_int_equal(s.n, 2);
	is_refused(&s, "/d", OUTCOME_ERROR, "more than 1024 names");
	is_text(&s, "/after", "read all the same");
	snapshot_free(&s);
}

/* Run check() as nobody: root sees everything. */
static void
as_nobody(void (*check)(void))
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid != -1);
	if (pid == 0) {
		if (geteuid() == 0 &&
		    (setgid(NOBODY) == -1 || setuid(NOBODY) == -1))
			_exit(77);
		check();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static const struct manifest_item locked[] = {
	{ "/unreadable", 100, M_CONTENT },
	{ "/unreadable-digest", 100, M_DIGEST },
	{ "/unreadable-exists", 100, M_EXISTS },
	{ "/locked/file", 100, M_CONTENT },
	{ "/locked/*", 100, M_CONTENT },
	{ "/into", 100, M_CONTENT },
	END,
};

static void
make_locked(void)
{
	file_of("unreadable", "x", 1, 0);
	file_of("unreadable-digest", "x", 1, 0);
	file_of("unreadable-exists", "x", 1, 0);
	folder("locked");
	file("locked/file", "x");
	link_to("locked/file", "into");
	assert_int_equal(chmod(at("locked"), 0), 0);
	/* nobody's folder, so that it can be entered and emptied */
	if (geteuid() == 0)
		assert_int_equal(chown(at("locked"), 0, 0), 0);
}

/* assertions jump back into the parent's tests, so exit codes instead */
#define MUST(x)                                                                \
	do {                                                                   \
		if (!(x))                                                      \
			_exit(__LINE__ % 250 + 1);                             \
	} while (0)

static bool
denied(const struct snapshot *s, const char *path)
{
	const struct entry *e = snapshot_find(s, path);

	return e != NULL && e->outcome == OUTCOME_DENIED &&
	       strcmp(e->reason, REASON_DENIED) == 0 && !e->has_digest &&
	       e->bytes.len == 0;
}

static void
check_denials(void)
{
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };
		struct fault f;

		MUST(snapshot_read_root_by(&s, locked, base, false,
			 resolvers[i], crypto, &f) == 0);
		MUST(denied(&s, "/unreadable"));
		MUST(denied(&s, "/unreadable-digest"));
		MUST(snapshot_outcome(&s, "/unreadable-exists") ==
		     OUTCOME_OBSERVED);
		MUST(denied(&s, "/locked/file"));
		MUST(denied(&s, "/locked"));
		MUST(snapshot_find(&s, "/locked")->type == ENTRY_FOLDER);
		MUST(denied(&s, "/into"));
		MUST(snapshot_find(&s, "/into")->type == ENTRY_LINK);
		MUST(s.n == 6);
		snapshot_free(&s);
	}
}

static void
what_may_not_be_read_is_denied_not_absent(void **state)
{
	(void)state;
	make_locked();
	as_nobody(check_denials);
	assert_int_equal(chmod(at("locked"), 0755), 0);
}

static void
same(const struct snapshot *a, const struct snapshot *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		const struct entry *x = &a->entries[i], *y = &b->entries[i];

		assert_string_equal(x->path, y->path);
		assert_int_equal(x->flags, y->flags);
		if (x->flags & M_PROCESSES)
			continue; /* others come and go meanwhile */
		assert_int_equal(x->outcome, y->outcome);
		assert_int_equal(x->type, y->type);
		assert_int_equal(x->target == NULL, y->target == NULL);
		if (x->target != NULL)
			assert_string_equal(x->target, y->target);
		assert_int_equal(x->reason == NULL, y->reason == NULL);
		if (x->reason != NULL)
			assert_string_equal(x->reason, y->reason);
		assert_int_equal(x->bytes.len, y->bytes.len);
		if (x->bytes.len > 0)
			assert_memory_equal(
			    x->bytes.p, y->bytes.p, x->bytes.len);
		assert_int_equal(x->has_digest, y->has_digest);
		if (x->has_digest)
			assert_memory_equal(x->sha256, y->sha256, SHA256_LEN);
		assert_int_equal(x->status, y->status);
		if (x->outcome != OUTCOME_OBSERVED)
			continue;
		assert_int_equal(x->mode, y->mode);
		assert_int_equal(x->mtime, y->mtime);
		assert_int_equal(x->size, y->size);
	}
}

/* The manifest's files as they are on this very host. */
static void
the_walk_and_the_kernel_agree_on_a_real_host(void **state)
{
	struct snapshot a = { 0 }, b = { 0 };
	struct fault f;

	(void)state;
	assert_int_equal(snapshot_read_root_by(&a, manifest, "/", false,
			     RESOLVER_KERNEL, crypto, &f),
	    0);
	assert_int_equal(snapshot_read_root_by(&b, manifest, "/", false,
			     RESOLVER_WALK, crypto, &f),
	    0);
	assert_true(a.live && b.live);
	assert_true(a.n > 0);
	same(&a, &b);
	snapshot_free(&a);
	snapshot_free(&b);
}

/* A sandbox that answers openat2 with errnum; false: not to be had here. */
static bool
forbid_openat2(unsigned errnum)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | errnum),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void
read_without_openat2(unsigned errnum)
{
	static const struct manifest_item items[] = {
		{ "/inside", 100, M_CONTENT },
		{ "/outside", 100, M_CONTENT },
		END,
	};
	struct snapshot s = { 0 };
	struct fault f;

	if (!forbid_openat2(errnum))
		_exit(0);
	MUST(syscall(SYS_openat2, -1, "", NULL, 0) == -1 &&
	     errno == (int)errnum);
	MUST(snapshot_read_root(&s, items, base, false, crypto, &f) == 0);
	MUST(snapshot_outcome(&s, "/inside") == OUTCOME_OBSERVED);
	MUST(snapshot_find(&s, "/inside")->bytes.len == 4);
	MUST(snapshot_outcome(&s, "/outside") == OUTCOME_ABSENT);
	MUST(snapshot_find(&s, "/outside") != NULL);
	snapshot_free(&s);
}

static void
without_openat2(void)
{
	read_without_openat2(ENOSYS);
}

static void
refused_openat2(void)
{
	read_without_openat2(EPERM);
}

static void
a_kernel_without_openat2_is_walked(void **state)
{
	(void)state;
	file("real", "text");
	link_to("/real", "inside");
	link_to("/etc/passwd", "outside");
	as_nobody(without_openat2);
	as_nobody(refused_openat2);
}

static void
magic_links_of_proc_are_not_followed(void **state)
{
	static const struct manifest_item items[] = {
		{ "/proc/self/cwd/etc/passwd", 65536, M_CONTENT },
		{ "/proc/self/exe", 65536, M_CONTENT },
		{ "/proc/mounts", 1 << 20, M_VOLATILE },
		END,
	};

	(void)state;
	EACH_RESOLVER(i)
	{
		struct snapshot s = { 0 };
		struct fault f;

		assert_int_equal(snapshot_read_root_by(&s, items, "/", false,
				     resolvers[i], crypto, &f),
		    0);
		is_refused(&s, "/proc/self/exe", OUTCOME_ERROR, "Too many");
		is_refused(
		    &s, "/proc/self/cwd/etc/passwd", OUTCOME_ERROR, "Too many");
		assert_int_equal(
		    snapshot_outcome(&s, "/proc/mounts"), OUTCOME_OBSERVED);
		assert_true(snapshot_find(&s, "/proc/mounts")->size > 0);
		snapshot_free(&s);
	}
}

static void
a_missing_root_is_named(void **state)
{
	static const struct manifest_item items[] = { END };
	struct snapshot s = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(
	    snapshot_read_root(&s, items, "/no/such/root", false, crypto, &f),
	    -1);
	assert_int_equal(f.kind, FAULT_ABSENT);
	assert_non_null(strstr(f.text, "/no/such/root"));
	assert_int_equal(s.n, 0);
}

static void
a_path_twice_keeps_the_first(void **state)
{
	static const struct manifest_item items[] = {
		{ "/d/b", 100, M_VOLATILE },
		{ "/d/*", 100, M_CONTENT },
		{ "/d/a", 100, M_DIGEST },
		END,
	};
	struct snapshot s = { 0 };

	(void)state;
	folder("d");
	file("d/a", "a");
	file("d/b", "b");
	read_base(&s, items, RESOLVER_KERNEL);
	assert_int_equal(s.n, 2);
	assert_int_equal(snapshot_find(&s, "/d/a")->flags, M_CONTENT);
	assert_int_equal(snapshot_find(&s, "/d/b")->flags, M_VOLATILE);
	assert_int_equal(s.bytes, 2);
	snapshot_free(&s);
}

/* ---- commands ---- */

static const struct manifest_item commands[] = {
	{ "!echo $PATH; echo $LC_ALL; exit 3", 100, M_COMMAND },
	{ "!echo $EXHIBIT_TEST_SECRET", 100, M_COMMAND },
	{ "!no-such-program-anywhere --version", 100, M_COMMAND },
	{ "!cat", 100, M_COMMAND },
	{ "!echo lost >&2; printf 'a\\0b'", 100, M_COMMAND },
	{ "!while :; do echo yes; done", 100, M_COMMAND },
	{ "!kill -9 $$", 100, M_COMMAND },
	END,
};

static void
check_commands(const struct snapshot *s)
{
	const struct entry *e;

	is_text(s, commands[0].path,
	    "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin\nC\n");
	e = snapshot_find(s, commands[0].path);
	assert_int_equal(e->status, 3);
	assert_false(e->has_digest);
	assert_null(snapshot_find(s, commands[2].path));
	is_text(s, commands[3].path, "");
	e = snapshot_find(s, commands[4].path);
	assert_int_equal(e->bytes.len, 3);
	assert_memory_equal(e->bytes.p, "a\0b", 3);
	is_refused(
	    s, commands[5].path, OUTCOME_ERROR, "output larger than 100 bytes");
}

static void
commands_answer_alike_whoever_asks(void **state)
{
	struct snapshot s = { 0 };
	struct fault f;

	(void)state;
	assert_int_equal(setenv("EXHIBIT_TEST_SECRET", "x", 1), 0);
	assert_int_equal(
	    snapshot_read_root(&s, commands, "/", true, crypto, &f), 0);
	check_commands(&s);
	is_text(&s, commands[1].path, "\n");
	is_refused(&s, commands[6].path, OUTCOME_ERROR, "killed by signal 9");
	snapshot_free(&s);
	assert_int_equal(unsetenv("EXHIBIT_TEST_SECRET"), 0);
}

static void
commands_never_answer_for_another_root(void **state)
{
	struct snapshot s = { 0 };
	struct fault f;

	(void)state;
	assert_int_equal(
	    snapshot_read_root(&s, commands, base, true, crypto, &f), 0);
	assert_int_equal(s.n, 0);
	assert_int_equal(
	    snapshot_read_root(&s, commands, "/", false, crypto, &f), 0);
	assert_int_equal(s.n, 0);
	snapshot_free(&s);
}

static void
a_program_that_hangs_dies_with_its_children(void **state)
{
	char line[256];
	const char *argv[] = { "sh", "-c", line, NULL };
	const struct child_program p = {
		.file = "/bin/sh", .argv = argv, .time_ms = 300
	};
	BUF_AUTO(out, 100);
	struct child c = { .take = child_take_buf, .ctx = &out };
	int64_t began = clock_ms();
	struct fault f;
	long pid;

	(void)state;
	(void)snprintf(line, sizeof(line), "sleep 60 & echo $!; wait");
	assert_int_equal(child_spawn(&c, &p, &f), 0);
	child_finish(&c);
	assert_int_equal(c.end, CHILD_TIMED_OUT);
	assert_true(clock_ms() - began < 3000);
	pid = strtol(out.p, NULL, 10);
	assert_true(pid > 1);
	for (int i = 0; i < 100 && kill((pid_t)pid, 0) == 0; i++) {
		char state_of[64], text[256] = "";
		FILE *fp;

		(void)snprintf(
		    state_of, sizeof(state_of), "/proc/%ld/stat", pid);
		if ((fp = fopen(state_of, "r")) == NULL)
			break;
		(void)!fgets(text, sizeof(text), fp);
		(void)fclose(fp);
		if (strstr(text, ") Z ") != NULL) /* dead, not yet reaped */
			break;
		assert_true(i < 99);
		(void)usleep(10000);
	}
}

/* ---- providers ---- */

static json_t *
json_of(const struct snapshot *s, const char *path)
{
	const struct entry *e = snapshot_find(s, path);
	struct fault f = { 0 };
	json_t *v;

	assert_non_null(e);
	if (e->outcome != OUTCOME_OBSERVED)
		fail_msg("%s", e->reason);
	v = json_read(e->bytes.p, e->bytes.len, path, &f);
	assert_non_null(v);
	return v;
}

static void
probe(struct snapshot *s, const char *config, int time_ms)
{
	struct provider_probe p;
	struct fault f = { 0 };

	provider_start(&p, config);
	if (time_ms > 0)
		p.child.deadline = clock_ms() + time_ms;
	if (provider_finish(&p, s, &f) == -1)
		fail_msg("%s", f.text);
	snapshot_sort(s);
}

static const char *
text_at(json_t *v, const char *key)
{
	return json_string_value(json_object_get(v, key));
}

static void
the_hosts_own_providers_are_listed(void **state)
{
	struct snapshot s = { 0 };
	json_t *v, *list;

	(void)state;
	/* what the caller's environment says is not the host's */
	assert_int_equal(setenv("OPENSSL_CONF", "/no/such/file", 1), 0);
	assert_int_equal(setenv("OPENSSL_MODULES", "/no/such/folder", 1), 0);
	probe(&s, NULL, 0);
	assert_int_equal(unsetenv("OPENSSL_CONF"), 0);
	assert_int_equal(unsetenv("OPENSSL_MODULES"), 0);
	v = json_of(&s, "!providers");
	assert_string_equal(text_at(v, "library_version"),
	    OpenSSL_version(OPENSSL_VERSION_STRING));
	list = json_object_get(v, "providers");
	assert_true(json_array_size(list) >= 1);
	assert_true(
	    json_is_true(json_object_get(json_array_get(list, 0), "active")));
	assert_non_null(text_at(json_array_get(list, 0), "key"));
	json_decref(v);
	snapshot_free(&s);
}

static void
config_of(const char *name, const char *key, const char *module)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
	    "openssl_conf = i\n[i]\nproviders = p\n[p]\n%s = s\n"
	    "[s]\nactivate = 1\n%s%s\n",
	    key, module[0] == '\0' ? "" : "module = ", module);
	file(name, text);
}

static void
the_configuration_given_is_the_one_loaded(void **state)
{
	struct snapshot s = { 0 };
	json_t *v, *list;

	(void)state;
	config_of("base.cnf", "base", "");
	probe(&s, at("base.cnf"), 0);
	v = json_of(&s, "!providers");
	/* base has no digests: nothing serves, and MD5 is refused */
	assert_true(json_is_null(json_object_get(v, "fips_served_by")));
	assert_string_equal(text_at(v, "md5"), "refused");
	list = json_object_get(v, "providers");
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(text_at(json_array_get(list, 0), "key"), "base");
	json_decref(v);
	snapshot_free(&s);
}

static void
a_configuration_that_does_not_load_is_an_error(void **state)
{
	static const char *const bad[] = {
		"openssl_conf = i\n[i\n",
		"openssl_conf = i\n[i]\nx",
		"openssl_conf = i\n[j]\n",
		"openssl_conf = i\n[i]\nproviders = j\n",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct snapshot s = { 0 };

		file("broken.cnf", bad[i]);
		probe(&s, at("broken.cnf"), 0);
		is_refused(&s, "!providers", OUTCOME_ERROR,
		    "configuration did not load: ");
		snapshot_free(&s);
	}
}

/* libcrypto 3.0 passes over a module that does not load, later ones say so:
 * either way it is not among what is active. */
static void
a_module_that_does_not_load_is_never_listed(void **state)
{
	struct snapshot s = { 0 };
	const struct entry *e;

	(void)state;
	config_of("missing.cnf", "fips", "/no/such/module.so");
	probe(&s, at("missing.cnf"), 0);
	e = snapshot_find(&s, "!providers");
	if (e->outcome == OUTCOME_OBSERVED) {
		json_t *v = json_of(&s, "!providers");

		assert_int_equal(
		    json_array_size(json_object_get(v, "providers")), 0);
		assert_true(json_is_null(json_object_get(v, "fips_served_by")));
		json_decref(v);
	} else {
		assert_int_equal(e->outcome, OUTCOME_ERROR);
	}
	snapshot_free(&s);
}

static void
check_config_denied(void)
{
	struct provider_probe p;
	struct snapshot s = { 0 };
	struct fault f;

	provider_start(&p, at("locked.cnf"));
	MUST(provider_finish(&p, &s, &f) == 0);
	MUST(s.n == 1 && s.entries[0].outcome == OUTCOME_DENIED);
	snapshot_free(&s);
}

static void
a_configuration_that_may_not_be_read_is_denied(void **state)
{
	(void)state;
	file_of("locked.cnf", "", 0, 0);
	as_nobody(check_config_denied);
}

/* Compile a provider whose start does this; false without a compiler. */
static bool
compile_provider(const char *name, const char *does)
{
	char text[4096], line[1024];

	(void)snprintf(text, sizeof(text),
	    "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
	    "#include <unistd.h>\n#include <openssl/core.h>\n"
	    "#include <openssl/core_dispatch.h>\n"
	    "#include <openssl/core_names.h>\n"
	    "#include <openssl/params.h>\n"
	    "static int get(void *c, OSSL_PARAM p[]) {\n"
	    " OSSL_PARAM *q = OSSL_PARAM_locate(p, \"name\"); (void)c;\n"
	    " if (q) OSSL_PARAM_set_utf8_ptr(q, \"Sad \\033[31mprovider\");\n"
	    " q = OSSL_PARAM_locate(p, \"status\");\n"
	    " if (q) OSSL_PARAM_set_int(q, 0); return 1; }\n"
	    "static const OSSL_DISPATCH t[] = {\n"
	    " { OSSL_FUNC_PROVIDER_GET_PARAMS, (void (*)(void))get },\n"
	    " { 0, NULL } };\n"
	    "int OSSL_provider_init(const OSSL_CORE_HANDLE *h,\n"
	    " const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **c)\n"
	    "{ (void)h; (void)in; *out = t; *c = (void *)t; %s; return 1; }\n",
	    does);
	file("p.c", text);
	(void)snprintf(line, sizeof(line),
	    "cc -shared -fPIC -o %s/%s %s/p.c -lcrypto 2>%s/cc.log", base, name,
	    base, base);
	return system(line) == 0;
}

static void
a_provider_that_misbehaves_harms_only_its_child(void **state)
{
	static const struct {
		const char *does, *reason; /* NULL: it answers all the same */
	} cases[] = {
		{ "abort()", "a provider crashed: signal 6" },
		{ "*(volatile int *)8 = 1", "a provider crashed: signal" },
		{ "for (;;) pause()", "no answer within" },
		{ "_exit(0)", "ended without an answer" },
		{ "_exit(3)", "ended without an answer" },
		{ "for (int i = 3; i < 9; i++) (void)!write(i, \"[]\", 2)",
		    "not understood" },
		{ "static char z[4096]; memset(z, 'x', 4096); for (int i = 0; "
		  "i < 64; i++) (void)!write(3, z, 4096)",
		    "answer larger than" },
		{ "(void)!write(1, \"loud\\n\", 5); (void)!write(2, "
		  "\"loud\\n\", 5)",
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct snapshot s = { 0 };
		int64_t began = clock_ms();

		if (!compile_provider("sad.so", cases[i].does)) {
			print_message("no C compiler for a provider\n");
			skip();
		}
		config_of("sad.cnf", "sad", at("sad.so"));
		probe(&s, at("sad.cnf"), 2000);
		assert_true(clock_ms() - began < 6000);
		if (cases[i].reason != NULL) {
			is_refused(
			    &s, "!providers", OUTCOME_ERROR, cases[i].reason);
		} else {
			json_t *v = json_of(&s, "!providers");
			json_t *one =
			    json_array_get(json_object_get(v, "providers"), 0);

			/* listed, but its status is not 1 */
			assert_string_equal(text_at(one, "key"), "sad");
			assert_string_equal(
			    text_at(one, "name"), "Sad \\x1b[31mprovider");
			assert_true(
			    json_is_false(json_object_get(one, "active")));
			json_decref(v);
		}
		snapshot_free(&s);
	}
}

/* ---- the metadata service ---- */

enum service {
	SERVE_WELL,
	SERVE_REFUSAL,
	SERVE_NOTHING_FOUND,
	SERVE_REDIRECT,
	SERVE_SILENCE,
	SERVE_TOO_MUCH,
	SERVE_MANY_HEADERS,
	SERVE_EVIL_TOKEN,
	SERVE_EVIL_VALUE,
	SERVE_EVIL_DOCUMENT,
	SERVE_SERVER_ERROR,
	SERVE_NO_REGION,
	SERVE_SHAPE /* shape, where shaped is asked for */
};
static const char *shape, *shaped;

struct server {
	pid_t pid;
	char url[64];
};

static void
answer(int fd, int status, const char *headers, const char *body)
{
	BUF_AUTO(b, 1 << 20);
	size_t done = 0;

	buf_printf(&b,
	    "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\nConnection: close\r\n"
	    "\r\n%s",
	    status, headers, strlen(body), body);
	while (done < b.len) {
		ssize_t n = send(fd, b.p + done, b.len - done, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
}

static void
serve_get(int fd, enum service how, const char *path)
{
	static const struct {
		const char *path, *body;
	} good[] = {
		{ "/latest/meta-data/ami-id", "ami-0123456789abcdef0" },
		{ "/latest/meta-data/instance-id", "i-0123456789abcdef0" },
		{ "/latest/meta-data/instance-type", "m6i.large" },
		{ "/latest/meta-data/placement/region", "us-gov-west-1" },
		{ "/latest/dynamic/instance-identity/document",
		    "{\"accountId\":\"123456789012\",\"privateIp\":"
		    "\"10.0.0.1\",\"imageId\":\"ami-forged\","
		    "\"billingProducts\":null}" },
	};

	if (how == SERVE_SHAPE && strcmp(path, shaped) == 0) {
		answer(fd, 200, "", shape);
		return;
	}
	if (how == SERVE_NO_REGION && strstr(path, "/region") != NULL) {
		answer(fd, 404, "", "");
		return;
	}
	if (how == SERVE_EVIL_VALUE && strstr(path, "/ami-id") != NULL) {
		answer(fd, 200, "", "ami\x1b[2J\nX");
		return;
	}
	if (how == SERVE_EVIL_DOCUMENT && strstr(path, "document") != NULL) {
		answer(fd, 200, "", "{\"accountId\":\"12345678901x\"}");
		return;
	}
	for (size_t i = 0; i < LENGTH(good); i++)
		if (strcmp(path, good[i].path) == 0) {
			answer(fd, 200, "", good[i].body);
			return;
		}
	answer(fd, 404, "", "");
}

static void
serve_put(int fd, enum service how)
{
	static char much[20000];
	BUF_AUTO(headers, 65536);

	(void)memset(much, 'a', sizeof(much) - 1);
	switch (how) {
	case SERVE_SHAPE:
		answer(fd, 200, "",
		    strcmp(shaped, "/latest/api/token") == 0 ? shape
							     : "TOKEN==");
		return;
	case SERVE_REFUSAL:
		answer(fd, 403, "", "");
		return;
	case SERVE_NOTHING_FOUND:
		answer(fd, 404, "", "");
		return;
	case SERVE_SERVER_ERROR:
		answer(fd, 500, "", "");
		return;
	case SERVE_REDIRECT:
		answer(fd, 302, "Location: /latest/meta-data/ami-id\r\n", "");
		return;
	case SERVE_TOO_MUCH:
		answer(fd, 200, "", much);
		return;
	case SERVE_MANY_HEADERS:
		for (int i = 0; i < 1000; i++)
			buf_printf(&headers, "X-Header-%d: aaaaaaaaaa\r\n", i);
		answer(fd, 200, headers.p, "token");
		return;
	case SERVE_EVIL_TOKEN:
		answer(fd, 200, "", "token\r\nX-Injected: 1");
		return;
	case SERVE_SILENCE:
		for (;;)
			(void)pause();
	default:
		answer(fd, 200, "", "TOKEN==");
	}
}

static void
serve_one(int fd, enum service how)
{
	char request[4096], method[8], path[256];
	size_t n = 0;

	request[0] = '\0';
	while (n < sizeof(request) - 1 && strstr(request, "\r\n\r\n") == NULL) {
		ssize_t got = recv(fd, request + n, sizeof(request) - 1 - n, 0);

		if (got <= 0)
			return;
		n += (size_t)got;
		request[n] = '\0';
	}
	if (sscanf(request, "%7s %255s", method, path) != 2)
		return;
	if (strcmp(method, "PUT") == 0 &&
	    strcmp(path, "/latest/api/token") == 0 &&
	    strstr(request, "X-aws-ec2-metadata-token-ttl-seconds: ") != NULL)
		serve_put(fd, how);
	else if (strcmp(method, "GET") == 0 &&
		 strstr(request, "X-aws-ec2-metadata-token: TOKEN==\r\n") !=
		     NULL)
		serve_get(fd, how, path);
	else
		answer(fd, 400, "", "");
}

static struct server
serve(enum service how)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	struct server s;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd != -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	(void)snprintf(s.url, sizeof(s.url), "http://127.0.0.1:%u",
	    (unsigned)ntohs(a.sin_port));
	assert_true((s.pid = fork()) != -1);
	if (s.pid == 0) {
		for (;;) {
			int c = accept(fd, NULL, NULL);

			if (c == -1)
				_exit(1);
			serve_one(c, how);
			(void)close(c);
		}
	}
	(void)close(fd);
	return s;
}

static void
ask_imds(struct snapshot *s, const char *url)
{
	struct imds_probe p;
	struct fault f = { 0 };

	imds_start(&p, url);
	if (imds_finish(&p, s, &f) == -1)
		fail_msg("%s", f.text);
	snapshot_sort(s);
}

static void
ask_server(struct snapshot *s, enum service how)
{
	struct server server = serve(how);

	ask_imds(s, server.url);
	(void)kill(server.pid, SIGKILL);
	(void)waitpid(server.pid, NULL, 0);
}

static void
only_five_values_of_the_metadata_are_kept(void **state)
{
	struct snapshot s = { 0 };

	(void)state;
	/* a proxy would see the token */
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	ask_server(&s, SERVE_WELL);
	assert_int_equal(unsetenv("http_proxy"), 0);
	is_text(&s, "!imds",
	    "{\"account\":\"123456789012\","
	    "\"image_id\":\"ami-0123456789abcdef0\","
	    "\"instance_id\":\"i-0123456789abcdef0\","
	    "\"instance_type\":\"m6i.large\","
	    "\"region\":\"us-gov-west-1\"}");
	snapshot_free(&s);
	ask_server(&s, SERVE_NO_REGION);
	assert_non_null(
	    strstr(snapshot_find(&s, "!imds")->bytes.p, "\"region\":null}"));
	snapshot_free(&s);
}

static void
no_wrong_shape_is_what_the_metadata_says(void **state)
{
	static const char *const paths[] = { "/latest/api/token",
		"/latest/meta-data/ami-id", "/latest/meta-data/instance-id",
		"/latest/meta-data/instance-type",
		"/latest/meta-data/placement/region",
		"/latest/dynamic/instance-identity/document" };

	(void)state;
	for (size_t i = 0; i < LENGTH(paths); i++)
		for (size_t k = 0; k < LENGTH(wrong_shapes); k++) {
			struct snapshot s = { 0 };
			const struct entry *e;

			shaped = paths[i];
			shape = wrong_shapes[k];
			ask_server(&s, SERVE_SHAPE);
			e = snapshot_find(&s, "!imds");
			assert_non_null(e);
			if (e->outcome == OUTCOME_OBSERVED)
				fail_msg("%s: '%s' is taken", shaped, shape);
			snapshot_free(&s);
		}
}

static void
what_the_metadata_service_refuses_is_told_apart(void **state)
{
	static const struct {
		enum service how;
		enum outcome outcome;
		const char *reason;
	} cases[] = {
		{ SERVE_REFUSAL, OUTCOME_DENIED, "HTTP 403" },
		{ SERVE_NOTHING_FOUND, OUTCOME_DENIED, "HTTP 404" },
		{ SERVE_SERVER_ERROR, OUTCOME_ERROR, "HTTP 500" },
		{ SERVE_REDIRECT, OUTCOME_ERROR, "HTTP 302" },
		{ SERVE_SILENCE, OUTCOME_UNREACHABLE, "Timeout" },
		{ SERVE_TOO_MUCH, OUTCOME_ERROR, "larger than" },
		{ SERVE_MANY_HEADERS, OUTCOME_ERROR, "larger than" },
		{ SERVE_EVIL_TOKEN, OUTCOME_ERROR, "not understood" },
		{ SERVE_EVIL_VALUE, OUTCOME_ERROR, "not understood" },
		{ SERVE_EVIL_DOCUMENT, OUTCOME_ERROR, "not understood" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct snapshot s = { 0 };
		int64_t began = clock_ms();

		ask_server(&s, cases[i].how);
		is_refused(&s, "!imds", cases[i].outcome, cases[i].reason);
		assert_true(clock_ms() - began < 2500);
		snapshot_free(&s);
	}
}

static void
a_host_without_metadata_is_unreachable_at_once(void **state)
{
	struct snapshot s = { 0 };
	int64_t began = clock_ms();

	(void)state;
	ask_imds(&s, "http://127.0.0.1:1");
	is_refused(&s, "!imds", OUTCOME_UNREACHABLE, "connect");
	assert_true(clock_ms() - began < 300);
	snapshot_free(&s);
	ask_imds(&s, "file:///etc/passwd");
	is_refused(&s, "!imds", OUTCOME_UNREACHABLE, "protocol");
	snapshot_free(&s);
}

/* ---- ssh ---- */

struct answers {
	struct snapshot s;
	struct fault why;
	size_t calls;
};

static int
note_answer(void *ctx, const char *target, struct snapshot *s,
    const struct fault *why, struct fault *f)
{
	struct answers *a = ctx;

	(void)target;
	(void)f;
	a->calls++;
	if (s != NULL) {
		a->s = *s;
		*s = (struct snapshot){ 0 };
	} else {
		a->why = *why;
	}
	return 0;
}

/* A program that stands for ssh; it gets the script on standard input and the
 * remote command as its last two arguments. */
static void
fake_ssh(const char *body)
{
	char text[4096];

	(void)snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", body);
	file_of("ssh", text, strlen(text), 0755);
}

#define RUN "shift $(($# - 2)); exec \"$@\""

static struct answers
dial(const struct manifest_item *items, int time_ms, size_t bytes_max)
{
	static const char *const target[] = { "host" };
	const struct ssh_request r = {
		.targets = target,
		.ntargets = 1,
		.program = at("ssh"),
		.time_ms = time_ms,
		.bytes_max = bytes_max,
		.commands = true,
	};
	struct answers a = { 0 };
	struct fault f = { 0 };

	if (snapshot_read_ssh(&r, items, crypto, note_answer, &a, &f) == -1)
		fail_msg("%s", f.text);
	assert_int_equal(a.calls, 1);
	return a;
}

static void
what_ssh_showed_of_the_host_is_kept(void **state)
{
	static const struct manifest_item items[] = { END };
	struct answers a;

	(void)state;
	fake_ssh("echo 'OpenSSH_9.6p1' >&2\n"
		 "echo 'debug1: Server host key: ssh-ed25519 SHA256:abc+/1' "
		 ">&2\n" RUN);
	a = dial(items, 0, 0);
	assert_string_equal(a.s.ssh_key, "ssh-ed25519 SHA256:abc+/1");
	snapshot_free(&a.s);
	fake_ssh("echo 'debug1: Server host key: x $(id)' >&2\n" RUN);
	a = dial(items, 0, 0);
	assert_string_equal(a.s.ssh_key, "");
	snapshot_free(&a.s);
}

static void
a_connection_that_fails_is_tried_once_more(void **state)
{
	static const struct manifest_item items[] = { END };
	char body[1024];
	struct answers a;

	(void)state;
	(void)snprintf(body, sizeof(body),
	    "echo x >>%s\n"
	    "[ $(wc -l <%s) -gt 1 ] || { echo 'ssh: connect to host h port "
	    "22: Connection refused' >&2; exit 255; }\n" RUN,
	    at("count"), at("count"));
	fake_ssh(body);
	a = dial(items, 0, 0);
	assert_int_equal(a.why.kind, FAULT_NONE);
	snapshot_free(&a.s);
	/* not where the host's key or ours is refused, and not for ever */
	(void)snprintf(body, sizeof(body),
	    "echo x >>%s; echo 'u@h: Permission denied (publickey).' >&2; "
	    "exit 255",
	    at("denied"));
	fake_ssh(body);
	a = dial(items, 0, 0);
	assert_int_equal(a.why.kind, FAULT_REMOTE);
	(void)snprintf(body, sizeof(body), "echo x >>%s; exit 255", at("lost"));
	fake_ssh(body);
	a = dial(items, 0, 0);
	assert_int_equal(a.why.kind, FAULT_REMOTE);
	{
		struct stat st;

		assert_int_equal(stat(at("denied"), &st), 0);
		assert_int_equal(st.st_size, 2);
		assert_int_equal(stat(at("lost"), &st), 0);
		assert_int_equal(st.st_size, 4);
	}
}

static void
sudo_runs_one_fixed_command(void **state)
{
	static const struct manifest_item items[] = { END };
	static const char *const target[] = { "host" };
	const struct ssh_request r = {
		.targets = target,
		.ntargets = 1,
		.program = at("ssh"),
		.sudo = true,
	};
	struct answers a = { 0 };
	struct fault f = { 0 };

	(void)state;
	fake_ssh("shift $(($# - 5)); [ \"$*\" = 'sudo -n -- /bin/sh -s' ] || "
		 "exit 9; shift 3; exec \"$@\"");
	assert_int_equal(
	    snapshot_read_ssh(&r, items, crypto, note_answer, &a, &f), 0);
	assert_int_equal(a.why.kind, FAULT_NONE);
	snapshot_free(&a.s);
}

static void
is_failed(const struct answers *a, enum fault_kind kind, const char *text)
{
	if (a->why.kind != kind || strstr(a->why.text, text) == NULL)
		fail_msg("kind %d, text '%s'", (int)a->why.kind, a->why.text);
	assert_int_equal(a->s.n, 0);
}

/* Items below base, by absolute paths: what ssh reads here can be compared
 * with what the root "/" gives. */
static char item_paths[16][256];

static void
item(struct manifest_item *it, size_t i, const char *name, size_t max,
    unsigned flags)
{
	(void)snprintf(
	    item_paths[i], sizeof(item_paths[i]), "%s/%s", base, name);
	it[i] = (struct manifest_item){ item_paths[i], max, flags };
}

static void
make_tree(struct manifest_item it[16])
{
	static char large[200000];
	static const char *const names[] = { "g/plain", "g/new\nline",
		"g/end\n", "g/quo'te\"s", "g/$(touch pwned)", "g/* ?[a]",
		"g/-rf", "g/\xff\xfe", "g/back\\slash", "g/ space ",
		"g/\ne 0 f o - - -\n.\n.\n\n. 0\n", "g/bad" };

	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (char)(i * 7 + (i >> 8));
	folder("g");
	for (size_t i = 0; i + 1 < LENGTH(names); i++)
		file(names[i], names[i]);
	link_to("no\nwhere\n", "g/bad");
	file_of("large", large, sizeof(large), 0600);
	file_of("nul", "a\0b\n.\n. 0\nexhibit", 17, 04755);
	file("empty", "");
	folder("folder");
	link_to("loop", "loop");
	link_to("nul", "link");
	assert_int_equal(mkfifo(at("fifo"), 0644), 0);
	item(it, 0, "g/*", 1000, M_CONTENT);
	item(it, 1, "large", 200000, M_CONTENT);
	item(it, 2, "nul", 1000, M_CONTENT);
	item(it, 3, "empty", 1000, M_CONTENT);
	item(it, 4, "folder", 1000, M_CONTENT);
	item(it, 5, "loop", 1000, M_CONTENT);
	item(it, 6, "link", 1000, M_DIGEST);
	item(it, 7, "fifo", 1000, M_CONTENT);
	item(it, 8, "missing", 1000, M_CONTENT);
	item(it, 9, "nowhere/*", 1000, M_CONTENT);
	item(it, 10, "large", 0, M_EXISTS);
	it[11] = (struct manifest_item){ "/proc/version", 1000, M_CONTENT };
	it[12] = (struct manifest_item){ "/proc/crypto", 1 << 20, M_VOLATILE };
	it[13] =
	    (struct manifest_item){ "!printf 'a\\0b'; exit 3", 10, M_COMMAND };
	it[14] = (struct manifest_item){ "!no-such-thing", 10, M_COMMAND };
	it[15] = (struct manifest_item){ NULL, 0, 0 };
}

static void
ssh_and_root_see_the_same(void **state)
{
	/* as it comes, in every shell there is, and with less around it */
	static const char *const how[] = {
		RUN,
		"exec dash -s",
		"if command -v bash >/dev/null; then exec bash --posix -s; "
		"else exec sh -s; fi",
		"if command -v busybox >/dev/null; then exec busybox ash -s; "
		"else exec sh -s; fi",
		"echo 'profile: hello'; printf 'no newline'; " RUN,
		"sed 's/base64/absent64/g' | sh -s",
		"sed 's/head -c/absent -c/; s/timeout 10/absent 10/' | sh -s",
		RUN "; echo logout",
	};
	struct manifest_item it[16];
	struct snapshot s = { 0 };
	struct fault f;

	(void)state;
	make_tree(it);
	assert_int_equal(snapshot_read_root(&s, it, "/", true, crypto, &f), 0);
	assert_int_equal(s.n, 12 + 7 + 3);
	for (size_t i = 0; i < LENGTH(how); i++) {
		struct answers a;

		fake_ssh(how[i]);
		a = dial(it, 0, 0);
		assert_string_equal(a.why.text, "");
		assert_true(a.s.live);
		same(&s, &a.s);
		snapshot_free(&a.s);
	}
	assert_int_equal(access(at("pwned"), F_OK), -1);
	snapshot_free(&s);
}

static void
a_host_with_fewer_tools_still_answers(void **state)
{
	struct manifest_item it[16];
	const struct entry *e;
	struct answers a;

	(void)state;
	make_tree(it);
	fake_ssh("sed 's/stat -L/absent -L/; s/sha256sum/absentsum/' | sh -s");
	a = dial(it, 0, 0);
	assert_string_equal(a.why.text, "");
	e = snapshot_find(&a.s, it[2].path);
	assert_non_null(e);
	assert_int_equal(e->mode, 04755); /* from ls */
	assert_int_equal(e->mtime, 0);
	assert_int_equal(e->bytes.len, 17);
	e = snapshot_find(&a.s, it[6].path);
	assert_int_equal(e->outcome, OUTCOME_OBSERVED);
	assert_false(e->has_digest); /* no sha256sum */
	assert_int_equal(e->size, 17);
	snapshot_free(&a.s);
	fake_ssh("sed 's/base64/absent/g; s/od -An/absent -An/' | sh -s");
	a = dial(it, 0, 0);
	is_failed(&a, FAULT_REMOTE, "neither base64 nor od");
}

static void
ssh_commands_answer_as_local_ones(void **state)
{
	struct answers a;

	(void)state;
	fake_ssh(RUN);
	a = dial(commands, 0, 0);
	assert_string_equal(a.why.text, "");
	check_commands(&a.s);
	snapshot_free(&a.s);
}

static struct manifest_item locked_abs[7];

static void
check_ssh_denials(void)
{
	static const char *const target[] = { "host" };
	const struct ssh_request r = {
		.targets = target, .ntargets = 1, .program = at("ssh")
	};
	struct answers a = { 0 };
	struct snapshot s = { 0 };
	struct fault f;

	MUST(snapshot_read_ssh(&r, locked_abs, crypto, note_answer, &a, &f) ==
	     0);
	MUST(snapshot_read_root(&s, locked_abs, "/", false, crypto, &f) == 0);
	MUST(a.s.n == s.n && s.n == 6);
	for (size_t i = 0; i < s.n; i++) {
		const struct entry *x = &s.entries[i], *y = &a.s.entries[i];

		MUST(strcmp(x->path, y->path) == 0);
		MUST(x->outcome == y->outcome && x->type == y->type);
		MUST(x->reason == NULL || strcmp(x->reason, y->reason) == 0);
	}
	snapshot_free(&s);
	snapshot_free(&a.s);
}

static void
denied_and_absent_are_told_apart_remotely(void **state)
{
	(void)state;
	make_locked();
	for (size_t i = 0; locked[i].path != NULL; i++)
		item(locked_abs, i, locked[i].path + 1, 100, locked[i].flags);
	fake_ssh(RUN);
	as_nobody(check_ssh_denials);
	assert_int_equal(chmod(at("locked"), 0755), 0);
}

static void
an_answer_that_is_not_whole_is_not_used(void **state)
{
	static const struct {
		const char *body, *text;
		enum fault_kind kind;
	} cases[] = {
		{ "sh -s | head -c 500", "it is cut off", FAULT_FORMAT },
		{ "sh -s | grep -v ' end '", "it is cut off", FAULT_FORMAT },
		{ "echo This account is currently not available.; exit 1",
		    "the host refused with exit status 1: This account is "
		    "currently not available.",
		    FAULT_REMOTE },
		{ "echo 'sudo: a password is required' >&2; exit 1",
		    "exit status 1: sudo: a password is required",
		    FAULT_REMOTE },
		{ "exit 3", "said nothing (exit status 3)", FAULT_REMOTE },
		{ "exit 0", "it does not begin", FAULT_FORMAT },
		{ "head -c 100000 /dev/zero | tr '\\0' 'x'; sh -s",
		    "it does not begin", FAULT_FORMAT },
		{ "sh -s | sed 's/^e 2 f o/e 99 f o/'", "head of a frame",
		    FAULT_FORMAT },
		{ "sh -s | sed 's/^e 2 f o/e 2 x o/'", "head of a frame",
		    FAULT_FORMAT },
		{ "sh -s | sed 's/^e 2 f o.*/& 5/'", "head of a frame",
		    FAULT_FORMAT },
		{ "sh -s | sed 's/^h 1 base64/h 1 rot13/'", "encoding",
		    FAULT_FORMAT },
		{ "sh -s | sed 's/^. 0$/. x/'", "end of a frame",
		    FAULT_FORMAT },
		{ "sh -s | sed '/^e 2 /,/^. 0/s/^YQ/*Q/'", "encoded line",
		    FAULT_FORMAT },
		/* a path that was not asked for, for a glob and for a file */
		{ "sh -s | sed '/^e 0 /,/^\\.$/s/^L.*/L2V0Yy9zaGFkb3c=/'",
		    "not asked for", FAULT_FORMAT },
		{ "sh -s | sed 's/^e 2 .*/&\\nL2V0Yy9zaGFkb3c=/'",
		    "not asked for", FAULT_FORMAT },
		{ "sh -s | sed 's/^e 2 .*/&\\n'$(head -c 9000 /dev/zero | "
		  "tr '\\0' 'a')/",
		    "too long", FAULT_FORMAT },
		{ "printf 'x\\r\\nssh: connect to host h port 22: "
		  "Connection \\033[31mrefused\\r\\n' >&2; exit 255",
		    "ssh: connect to host h port 22: Connection "
		    "\\x1b[31mrefused",
		    FAULT_REMOTE },
		{ "echo 'Host key verification failed.' >&2; exit 255",
		    "ssh: Host key verification failed.", FAULT_REMOTE },
		{ "exit 255", "without a word", FAULT_REMOTE },
		{ "echo '@@@@@@@@@@@@@@' >&2; echo '@ WARNING: REMOTE HOST "
		  "IDENTIFICATION HAS CHANGED! @' >&2; echo 'Host key "
		  "verification failed.' >&2; exit 255",
		    "ssh: the host key is not the one in known_hosts",
		    FAULT_REMOTE },
		{ "echo 'No ED25519 host key is known for h and you have "
		  "requested strict checking.' >&2; echo 'Host key "
		  "verification failed.' >&2; exit 255",
		    "ssh: the host key is not in known_hosts", FAULT_REMOTE },
		{ "echo 'debug1: Next authentication method' >&2; echo 'u@h: "
		  "Permission denied (publickey).' >&2; echo 'debug1: x' >&2; "
		  "exit 255",
		    "ssh: u@h: Permission denied (publickey).", FAULT_REMOTE },
		{ "kill -9 $$", "killed by signal 9", FAULT_REMOTE },
	};
	struct manifest_item it[16];

	(void)state;
	make_tree(it);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct answers a;

		fake_ssh(cases[i].body);
		a = dial(it, 0, 0);
		is_failed(&a, cases[i].kind, cases[i].text);
	}
}

static void
a_host_that_hangs_or_floods_is_given_up(void **state)
{
	struct manifest_item it[16];
	int64_t began = clock_ms();
	struct answers a;

	(void)state;
	make_tree(it);
	fake_ssh("sh -s | head -c 500; sleep 60");
	a = dial(it, 300, 0);
	is_failed(&a, FAULT_REMOTE, "no complete answer within 1 seconds");
	assert_true(clock_ms() - began < 3000);
	fake_ssh(RUN);
	a = dial(it, 0, 10000);
	is_failed(&a, FAULT_LIMIT, "larger than 10000 bytes");
	assert_true(clock_ms() - began < 10000);
}

/* ssh's own ControlPersist leaves a master that holds standard error. */
static void
what_ssh_leaves_behind_is_not_waited_for(void **state)
{
	struct manifest_item it[16];
	int64_t began = clock_ms();
	struct answers a;

	(void)state;
	make_tree(it);
	fake_ssh("setsid sleep 5 </dev/null >/dev/null & " RUN);
	a = dial(it, 0, 0);
	assert_string_equal(a.why.text, "");
	assert_true(a.s.n > 0);
	assert_true(clock_ms() - began < 3000);
	snapshot_free(&a.s);
}

static void
a_file_that_lies_about_its_size_is_an_error(void **state)
{
	struct manifest_item it[16];
	struct answers a;

	(void)state;
	make_tree(it);
	fake_ssh("sh -s | sed 's/^\\(e 2 f o [0-9]* [0-9]*\\) .*/\\1 18/'");
	a = dial(it, 0, 0);
	assert_string_equal(a.why.text, "");
	is_refused(&a.s, it[2].path, OUTCOME_ERROR, "changed while");
	snapshot_free(&a.s);
}

static int
count_answers(void *ctx, const char *target, struct snapshot *s,
    const struct fault *why, struct fault *f)
{
	unsigned char *seen = ctx;
	long i = strtol(target + 1, NULL, 10);

	(void)f;
	(void)why;
	seen[i] = (unsigned char)(seen[i] + (s != NULL ? 1 : 16));
	return 0;
}

static void
many_hosts_are_read_beside_one_another(void **state)
{
	static char names[40][8];
	static const struct manifest_item items[] = {
		{ "/proc/version", 1000, M_CONTENT },
		END,
	};
	const char *targets[40];
	unsigned char seen[40] = { 0 };
	struct ssh_request r = {
		.targets = targets, .ntargets = 40, .parallel = 20
	};
	int64_t began = clock_ms();
	struct fault f;

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%zu", i);
		targets[i] = names[i];
	}
	/* every tenth host fails; each takes 0.3 s */
	fake_ssh("sleep 0.3; shift $(($# - 3)); case $1 in *5) exit 255;; "
		 "esac; shift; exec \"$@\"");
	r.program = at("ssh");
	assert_int_equal(
	    snapshot_read_ssh(&r, items, crypto, count_answers, seen, &f), 0);
	for (size_t i = 0; i < 40; i++)
		assert_int_equal(seen[i], i % 10 == 5 ? 16 : 1);
	assert_true(clock_ms() - began < 40 * 300 / 4);
}

static int
note_order(void *ctx, const char *target, struct snapshot *s,
    const struct fault *why, struct fault *f)
{
	struct buf *order = ctx;

	(void)why;
	(void)f;
	buf_printf(order, "%s%s ", target, s != NULL ? "" : "!");
	return 0;
}

/* More than may be ahead; every one of seven is slow, one of ten fails. */
static void
answers_come_in_the_order_of_targets(void **state)
{
	enum { N = SSH_AHEAD + 20 };
	static char names[N][8];
	static const struct manifest_item items[] = { END };
	const char *targets[N];
	struct ssh_request r = {
		.targets = targets, .ntargets = N, .in_order = true
	};
	struct fault f;
	BUF_AUTO(want, 8192);
	BUF_AUTO(got, 8192);

	(void)state;
	for (size_t i = 0; i < N; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%zu", i);
		targets[i] = names[i];
		buf_printf(&want, "h%zu%s ", i, i % 10 == 5 ? "!" : "");
	}
	fake_ssh("shift $(($# - 3)); case $1 in *5) echo denied: "
		 "Permission denied >&2; exit 255;; *0) sleep 0.2;; "
		 "esac; shift; exec \"$@\"");
	r.program = at("ssh");
	assert_int_equal(
	    snapshot_read_ssh(&r, items, crypto, note_order, &got, &f), 0);
	assert_string_equal(got.p, want.p);
}

/* Variables name files there, and no answer of the host names others. */
static void
what_settings_name_is_read(void **state)
{
	static const char *const places[] = { "systemd", "systemd/x.service.d",
		"systemd/y.service.d", "opt", "opt/modules" };
	struct manifest_item items[] = {
		{ NULL, 1000, M_VOLATILE | M_SETTINGS },
		{ NULL, 1000, M_VOLATILE | M_SETTINGS | M_QUIET },
		{ "?EnvironmentFile", 1000, M_VOLATILE | M_SETTINGS | M_NAMED },
		{ "?OPENSSL_CONF", 1000, M_VOLATILE | M_NAMED },
		{ "?.include", 1000, M_VOLATILE | M_NAMED },
		{ "?OPENSSL_MODULES/fips.so", 1000, M_DIGEST | M_NAMED },
		END,
	};
	struct { /* file, its text, outcome */
		const char *name;
		enum outcome outcome;
	} const want[] = {
		{ "systemd/variables", OUTCOME_OBSERVED },
		{ "systemd/x.service.d/a.conf", OUTCOME_OBSERVED },
		{ "opt/file.env", OUTCOME_OBSERVED },
		{ "opt/a.cnf", OUTCOME_OBSERVED },
		{ "opt/b.cnf", OUTCOME_OBSERVED },
		{ "opt/c.cnf", OUTCOME_ABSENT },
		{ "opt/modules/fips.so", OUTCOME_OBSERVED },
	};
	char globs[2][512], text[2048];

	(void)state;
	for (size_t i = 0; i < LENGTH(places); i++)
		assert_int_equal(mkdir(at(places[i]), 0755), 0);
	(void)snprintf(
	    globs[0], sizeof(globs[0]), "%s", at("systemd/variables"));
	(void)snprintf(
	    globs[1], sizeof(globs[1]), "%s", at("systemd/*.service.d/*.conf"));
	items[0].path = globs[0];
	items[1].path = globs[1];
	(void)snprintf(
	    text, sizeof(text), "OPENSSL_CONF=%s\n", at("opt/a.cnf"));
	file("systemd/variables", text);
	(void)snprintf(text, sizeof(text), "[Service]\nEnvironmentFile=-%s\n",
	    at("opt/file.env"));
	file("systemd/x.service.d/a.conf", text);
	file("systemd/y.service.d/b.conf", "[Service]\nNice=5\n");
	(void)snprintf(text, sizeof(text),
	    "OPENSSL_MODULES=\"%s\"\nOPENSSL_CONF=%s\n", at("opt/modules"),
	    at("opt/c.cnf"));
	file("opt/file.env", text);
	(void)snprintf(text, sizeof(text), ".include = %s\n", at("opt/b.cnf"));
	file("opt/a.cnf", text);
	file("opt/b.cnf", "x = 1\n");
	file("opt/modules/fips.so", "module");
	fake_ssh(RUN);
	for (int way = 0; way < 2; way++) {
		struct snapshot s = { 0 };
		struct answers a = { 0 };
		struct fault f = { 0 };

		if (way == 0 && snapshot_read_root(&s, items, "/",
				    COMMANDS_NONE, crypto, &f) == -1)
			fail_msg("%s", f.text);
		if (way == 1) {
			a = dial(items, 0, 0);
			assert_string_equal(a.why.text, "");
			s = a.s;
		}
		for (size_t i = 0; i < LENGTH(want); i++) {
			const struct entry *e =
			    snapshot_find(&s, at(want[i].name));

			if (e == NULL)
				fail_msg("%d: no %s", way, want[i].name);
			assert_int_equal(e->outcome, want[i].outcome);
		}
		assert_true(
		    snapshot_find(&s, at("opt/modules/fips.so"))->has_digest);
		snapshot_free(&s);
	}
	/* a host that names what no setting could */
	fake_ssh("sh -s | sed 's/^e 3 f/e 5 f/'");
	{
		struct answers a = dial(items, 0, 0);

		is_failed(&a, FAULT_FORMAT, "not asked for");
	}
}

static int
refuse_answer(void *ctx, const char *target, struct snapshot *s,
    const struct fault *why, struct fault *f)
{
	(void)ctx;
	(void)target;
	(void)s;
	(void)why;
	return fault(f, FAULT_IO, "the sink is full");
}

static void
a_full_sink_ends_the_work(void **state)
{
	static const struct manifest_item items[] = {
		{ "/proc/version", 1000, M_CONTENT },
		END,
	};
	static const char *const targets[] = { "a", "b", "c" };
	struct ssh_request r = { .targets = targets, .ntargets = 3 };
	struct fault f;

	(void)state;
	fake_ssh(RUN);
	r.program = at("ssh");
	assert_int_equal(
	    snapshot_read_ssh(&r, items, crypto, refuse_answer, NULL, &f), -1);
	assert_string_equal(f.text, "the sink is full");
	r.program = "/no/such/ssh";
	assert_int_equal(
	    snapshot_read_ssh(&r, items, crypto, refuse_answer, NULL, &f), -1);
	assert_int_equal(f.kind, FAULT_USAGE);
}

static void
a_target_that_is_an_option_is_refused(void **state)
{
	static const char *const bad[] = { "", "-oProxyCommand=sh", "user@",
		"user@-oProxyCommand=sh", "@host", "ho st", "host;id", "$(id)",
		"`id`", "a\nb", "ssh://host/x", "h\xc3\xb6st" };
	static const char *const good[] = { "host", "user@host",
		"ec2-user@ip-10-0-0-1.internal", "fe80::1%eth0", "a_b" };
	static const struct manifest_item items[] = { END };
	char longest[SSH_TARGET_LEN_MAX + 2];
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct ssh_request r = { .targets = &bad[i], .ntargets = 1 };

		assert_int_equal(snapshot_read_ssh(&r, items, crypto,
				     refuse_answer, NULL, &f),
		    -1);
		assert_int_equal(f.kind, FAULT_USAGE);
	}
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_int_equal(ssh_target_check(good[i], &f), 0);
	(void)memset(longest, 'a', sizeof(longest));
	longest[SSH_TARGET_LEN_MAX + 1] = '\0';
	assert_int_equal(ssh_target_check(longest, &f), -1);
	longest[SSH_TARGET_LEN_MAX] = '\0';
	assert_int_equal(ssh_target_check(longest, &f), 0);
}

/* ---- the collector ---- */

extern const struct collector node_collector;

static int
append(void *ctx, const char *p, size_t len, struct fault *f)
{
	struct buf *out = ctx;

	buf_put(out, p, len);
	return buf_done(out, "output", f);
}

static int
collect(struct buf *out, const struct request_option *options, size_t n,
    struct fault *f)
{
	struct ndjson lines = { append, out };
	struct sink sink = ndjson_sink(&lines);
	const struct request r = {
		.crypto = crypto,
		.now = "2026-11-23T09:00:00Z",
		.options = options,
		.noptions = n,
	};

	buf_reset(out);
	return node_collector.collect(&r, &sink, f);
}

static void
a_mounted_root_is_a_scope_of_its_own(void **state)
{
	const struct request_option named[] = {
		{ "root", base },
		{ "name", "web-1" },
	};
	BUF_AUTO(out, 1 << 24);
	struct fault f = { 0 };

	(void)state;
	folder("etc");
	file("etc/hostname", "db-7.example\n");
	file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
	if (collect(&out, named, 1, &f) == -1)
		fail_msg("%s", f.text);
	assert_non_null(strstr(out.p, "\"scope\":\"host/db-7.example\""));
	assert_non_null(strstr(out.p, "{\"coverage\":{"));
	assert_null(strstr(out.p, "169.254")); /* nobody's metadata but ours */
	assert_int_equal(collect(&out, named, 2, &f), 0);
	assert_non_null(strstr(out.p, "\"scope\":\"host/web-1\""));
	/* a name from inside an image is not trusted to be one */
	file("etc/hostname", "../../\x1b[2J\n");
	assert_int_equal(collect(&out, named, 1, &f), 0);
	assert_non_null(strstr(out.p, "\"scope\":\"host/exhibit-node-"));
}

static void
what_cannot_be_asked_is_a_usage_fault(void **state)
{
	static const struct {
		struct request_option o[2];
		size_t n;
		const char *text;
	} cases[] = {
		{ { { "root", "/no/such/root" } }, 1, "/no/such/root" },
		{ { { "name", "a/b" } }, 1, "not a host name" },
		{ { { "ssh", "-oX" } }, 1, "ssh target" },
		{ { { "ssh", "a,,b" } }, 1, "ssh target" },
		{ { { "ssh", "a" }, { "ssh", "u@a" } }, 2, "named twice" },
		{ { { "ssh", "a,b" }, { "name", "c" } }, 2, "more than one" },
		{ { { "ssh", "a" }, { "root", "/" } }, 2, "exclude" },
		{ { { "ssh", "a" }, { "parallel", "0" } }, 2, "--parallel" },
		{ { { "ssh", "a" }, { "parallel", "65" } }, 2, "--parallel" },
		{ { { "ssh", "a" }, { "parallel", "4x" } }, 2, "--parallel" },
	};
	BUF_AUTO(out, 1 << 20);

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fault f = { 0 };

		assert_int_equal(collect(&out, cases[i].o, cases[i].n, &f), -1);
		assert_non_null(strstr(f.text, cases[i].text));
		assert_int_equal(out.len, 0);
	}
}

static void
this_host_is_read_with_its_providers(void **state)
{
	static const struct request_option options[] = {
		{ "imds-url", "http://127.0.0.1:1" },
		{ "name", "here" },
	};
	BUF_AUTO(out, 1 << 24);
	struct fault f = { 0 };

	(void)state;
	if (collect(&out, options, 2, &f) == -1)
		fail_msg("%s", f.text);
	assert_non_null(strstr(out.p, "\"kind\":\"node.provider\""));
	assert_non_null(strstr(out.p, "\"scope\":\"host/here\""));
	assert_non_null(strstr(out.p, "\"outcome\":\"unreachable\""));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_ssh_showed_of_the_host_is_kept),
		CASE(a_connection_that_fails_is_tried_once_more),
		CASE(sudo_runs_one_fixed_command),
		CASE(the_integrity_value_of_a_module_is_computed),
		CASE(programs_with_replaced_libraries_are_found),
		CASE(reads_the_packages_of_rpm_without_rpm),
		CASE(a_database_of_rpm_that_is_none_is_refused),
		CASE(reads_bytes_size_mode_and_digest),
		CASE(follows_links_inside_the_root),
		CASE(no_link_leads_outside_the_root),
		CASE(a_loop_of_links_is_an_error),
		CASE(only_regular_files_are_opened),
		CASE(what_is_too_large_is_an_error_and_never_cut),
		CASE(a_glob_gives_its_files_by_name),
		CASE(a_folder_of_too_many_files_is_an_error),
		CASE(what_may_not_be_read_is_denied_not_absent),
		CASE(the_walk_and_the_kernel_agree_on_a_real_host),
		CASE(a_kernel_without_openat2_is_walked),
		CASE(magic_links_of_proc_are_not_followed),
		CASE(a_missing_root_is_named),
		CASE(a_path_twice_keeps_the_first),
		CASE(commands_answer_alike_whoever_asks),
		CASE(commands_never_answer_for_another_root),
		CASE(a_program_that_hangs_dies_with_its_children),
		CASE(the_hosts_own_providers_are_listed),
		CASE(the_configuration_given_is_the_one_loaded),
		CASE(a_configuration_that_does_not_load_is_an_error),
		CASE(a_module_that_does_not_load_is_never_listed),
		CASE(a_configuration_that_may_not_be_read_is_denied),
		CASE(a_provider_that_misbehaves_harms_only_its_child),
		CASE(only_five_values_of_the_metadata_are_kept),
		CASE(no_wrong_shape_is_what_the_metadata_says),
		CASE(what_the_metadata_service_refuses_is_told_apart),
		CASE(a_host_without_metadata_is_unreachable_at_once),
		CASE(ssh_and_root_see_the_same),
		CASE(a_host_with_fewer_tools_still_answers),
		CASE(ssh_commands_answer_as_local_ones),
		CASE(denied_and_absent_are_told_apart_remotely),
		CASE(an_answer_that_is_not_whole_is_not_used),
		CASE(a_host_that_hangs_or_floods_is_given_up),
		CASE(what_ssh_leaves_behind_is_not_waited_for),
		CASE(a_file_that_lies_about_its_size_is_an_error),
		CASE(many_hosts_are_read_beside_one_another),
		CASE(answers_come_in_the_order_of_targets),
		CASE(what_settings_name_is_read),
		CASE(a_full_sink_ends_the_work),
		CASE(a_target_that_is_an_option_is_refused),
		CASE(a_mounted_root_is_a_scope_of_its_own),
		CASE(what_cannot_be_asked_is_a_usage_fault),
		CASE(this_host_is_read_with_its_providers),
	};

	return cmocka_run_group_tests(tests, make_crypto, free_crypto);
}
