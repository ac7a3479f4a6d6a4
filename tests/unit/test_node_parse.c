/* The node collector's parsers, case by case: what each takes, and what it
 * refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/kit/openssl_conf.h"
#include "base/length.h"
#include "collector/node/boot_next.h"
#include "collector/node/parts.h"
#include "collector/node/pe.h"

#define COUNT(a) (LENGTH(a))
#define HEAD "# GRUB Environment Block\n"

/* A copy without a NUL behind it, so that reading past its end is seen. */
static struct span
exact(const char *s, size_t len, char **owned)
{
	*owned = malloc(len + 1); /* never of size 0 */
	assert_non_null(*owned);
	memcpy(*owned + 1, s, len);
	return (struct span){ *owned + 1, len };
}

static void
command_line_is_read_as_the_kernel_reads_it(void **state)
{
	static const struct {
		const char *line, *fips; /* NULL: none */
	} cases[] = {
		{ "", NULL },
		{ "   \t\n", NULL },
		{ "fips=1", "1" },
		{ "ro fips=1 quiet\n", "1" },
		{ "fips=0 fips=1", "1" },
		{ "fips=1 fips=0", "0" },
		{ "fips=", "" },
		{ "fips", NULL },
		{ "fips=1 fips", "1" },
		{ "xfips=1 fipsx=1 fips.x=1 fips-=1", NULL },
		{ "FIPS=1", NULL },
		{ "fips=1x", "1x" },
		{ "fips=01", "01" },
		{ "foo=\"a fips=1 b\"", NULL },
		{ "foo=\"a\" fips=1", "1" },
		{ "\"fips=1\"", "1" },
		{ "fips=\"1\"", "1" },
		{ "fips=\"1 2\" x", "1 2" },
		{ "foo=\"never closed fips=1", NULL },
		{ "fips=1 -- fips=0", "1" },
		{ "-- fips=1", NULL },
		{ "--=x fips=1", "1" },
		{ "=fips=1", NULL },
		{ "a\vfips=1\fb", "1" },
		{ "fips==1", "=1" },
		{ "\"", NULL },
		{ "fips=\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *owned;
		struct span v = { NULL, 0 }, line = exact(cases[i].line,
						 strlen(cases[i].line), &owned);
		bool found = cmdline_last(line, "fips", &v);

		if (found != (cases[i].fips != NULL) ||
		    (found && !span_is(v, cases[i].fips)))
			fail_msg("%s: %.*s", cases[i].line, (int)v.len, v.p);
		free(owned);
	}
}

static void
os_release_values_are_unquoted(void **state)
{
	static const struct {
		const char *text, *id;
	} cases[] = {
		{ "", NULL },
		{ "ID=debian", "debian" },
		{ "ID=debian\r\n", "debian" },
		{ "ID=\"amzn\"\n", "amzn" },
		{ "ID='rhel'\n", "rhel" },
		{ "ID=\"a\\\"b\\$c\\x\"\n", "a\"b$c\\x" },
		{ "ID='a\\b'\n", "a\\b" },
		{ "VERSION_ID=1\nID=a\nID=b\n", "b" },
		{ "ID=a\nID=\"b\n", NULL },
		{ "ID=a b\n", NULL },
		{ "#ID=a\n", NULL },
		{ "XID=a\nIDX=b\n", NULL },
		{ "ID=\n", "" },
		{ "  ID=a\n", "a" },
		{ "ID=0123456789012345678901234567890123456789\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		BUF_AUTO(out, 32);
		bool found =
		    os_release_value(span_of(cases[i].text), "ID", &out);

		if (found != (cases[i].id != NULL))
			fail_msg("%s: found %d", cases[i].text, found);
		if (found)
			assert_string_equal(
			    out.len > 0 ? out.p : "", cases[i].id);
	}
}

struct boot_case {
	const char *text;
	long long entries, entries_fips; /* entries -1: refused */
	const char *fips;
};

static void
check_boot(const struct boot_case *c, int rc, const struct boot_facts *b)
{
	if (rc == -1 || c->entries == -1) {
		if (rc != -1 || c->entries != -1)
			fail_msg("%s: rc %d", c->text, rc);
		return;
	}
	if (b->entries != c->entries || b->entries_fips != c->entries_fips ||
	    b->has_fips != (c->fips != NULL) ||
	    (c->fips != NULL &&
		!span_is((struct span){ b->fips, b->fips_len }, c->fips)))
		fail_msg("%s: %lld %lld %d", c->text, b->entries,
		    b->entries_fips, b->has_fips);
}

static void
check_files(int (*read)(struct span, struct boot_facts *, struct fault *),
    const struct boot_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct boot_facts b = { 0 };
		struct fault f = { 0 };
		char *owned;
		struct span text =
		    exact(cases[i].text, strlen(cases[i].text), &owned);

		check_boot(&cases[i], read(text, &b, &f), &b);
		free(owned);
	}
}

static void
check_env_files(int (*read)(struct span, const struct boot_env *,
		    struct boot_facts *, struct fault *),
    const struct boot_env *env, const struct boot_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct boot_facts b = { 0 };
		struct fault f = { 0 };
		char *owned;
		struct span text =
		    exact(cases[i].text, strlen(cases[i].text), &owned);

		check_boot(&cases[i], read(text, env, &b, &f), &b);
		free(owned);
	}
}

static void
grub_default_is_evaluated(void **state)
{
	static const struct boot_case cases[] = {
		{ "", 0, 0, NULL },
		{ "GRUB_TIMEOUT=5\n", 0, 0, NULL },
		{ "GRUB_CMDLINE_LINUX=\"fips=1\"", 1, 1, "1" },
		{ "GRUB_CMDLINE_LINUX='quiet fips=1'\r\n", 1, 1, "1" },
		{ "GRUB_CMDLINE_LINUX=fips=1 # why\n", 1, 1, "1" },
		{ "#GRUB_CMDLINE_LINUX=\"fips=1\"\n", 0, 0, NULL },
		{ "GRUB_CMDLINE_LINUX=\"a \\\n fips=1\"\n", 1, 1, "1" },
		{ "export GRUB_CMDLINE_LINUX=\"fips=1\"\n", 1, 1, "1" },
		{ "GRUB_CMDLINE_LINUX=\"fips=1\"\nGRUB_CMDLINE_LINUX=\"\"\n", 1,
		    0, NULL },
		{ "GRUB_CMDLINE_LINUX=\"fips=1\"\n"
		  "GRUB_CMDLINE_LINUX_DEFAULT=\"fips=0\"\n",
		    1, 0, "0" },
		{ "GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX+=\" fips=1\"\n", 1,
		    1, "1" },
		{ "GRUB_CMDLINE_LINUX=\"fips=1\"\n"
		  "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX x\"\n",
		    1, 1, "1" },
		{ "GRUB_CMDLINE_LINUX=\"${GRUB_CMDLINE_LINUX} fips=1\"\n", 1, 1,
		    "1" },
		{ "GRUB_CMDLINE_LINUX=\"fips=1 $OTHER\"\n", 1, -1, NULL },
		{ "GRUB_CMDLINE_LINUX=\"$OTHER fips=1\"\n", 1, 1, "1" },
		{ "GRUB_CMDLINE_LINUX=\"fips=1 `cmd`\"\n", 1, -1, NULL },
		{ "GRUB_CMDLINE_LINUX=\"fips=1 $(a (b) c)\"\n", 1, -1, NULL },
		{ "GRUB_CMDLINE_LINUX=\"${X:-fips=1}\"\n", 1, -1, NULL },
		{ "GRUB_CMDLINE_LINUX='$OTHER fips=1'\n", 1, 1, "1" },
		{ "GRUB_CMDLINE_LINUX=\"foo=\\\"a fips=1 b\\\"\"\n", 1, 0,
		    NULL },
		{ "A='\nGRUB_CMDLINE_LINUX=fips=1\n'\n", 0, 0, NULL },
		{ "if true; then\n  GRUB_CMDLINE_LINUX=fips=1\nfi\n", 1, 1,
		    "1" },
		{ "GRUB_CMDLINE_LINUX=\"fips=1\n", -1, 0, NULL },
		{ "GRUB_CMDLINE_LINUX='fips=1\n", -1, 0, NULL },
		{ "GRUB_CMDLINE_LINUX=$(fips=1\n", -1, 0, NULL },
		{ "GRUB_CMDLINE_LINUX=${X\n", -1, 0, NULL },
		{ "X=\"\n", -1, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct grub_default g;
		struct boot_facts b = { 0 };
		struct fault f = { 0 };

		grub_default_init(&g);
		check_boot(&cases[i],
		    boot_grub_default(span_of(cases[i].text), &g, &b, &f), &b);
		grub_default_free(&g);
	}
}

static void
grub_default_goes_on_in_the_next_file(void **state)
{
	static const char append[] =
	    "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT x\"\n";
	struct grub_default g;
	struct boot_facts b = { 0 };
	struct fault f = { 0 };

	(void)state;
	grub_default_init(&g);
	assert_int_equal(boot_grub_default(span_of("GRUB_CMDLINE_LINUX_DEFAULT="
						   "fips=1"),
			     &g, &b, &f),
	    0);
	b = (struct boot_facts){ 0 };
	assert_int_equal(boot_grub_default(span_of(append), &g, &b, &f), 0);
	assert_int_equal(b.entries_fips, 1);
	grub_default_unreadable(&g); /* it may have said anything */
	b = (struct boot_facts){ 0 };
	assert_int_equal(boot_grub_default(span_of(append), &g, &b, &f), 0);
	assert_int_equal(b.entries_fips, -1);
	b = (struct boot_facts){ 0 };
	assert_int_equal(
	    boot_grub_default(span_of("GRUB_CMDLINE_LINUX_DEFAULT="
				      "\"$GRUB_CMDLINE_LINUX_DEFAULT fips=1\""),
		&g, &b, &f),
	    0);
	assert_int_equal(b.entries_fips, 1);
	grub_default_free(&g);
}

static void
grub_cfg_kernel_lines_are_counted(void **state)
{
	static const struct boot_case cases[] = {
		{ "", 0, 0, NULL },
		{ "blscfg\n", 0, 0, NULL },
		{ "linux /vmlinuz ro fips=1\n", 1, 1, "1" },
		{ "\tlinux16\t/vmlinuz fips=1\r\n}\n", 1, 1, "1" },
		{ " linuxefi /vmlinuz fips=1", 1, 1, "1" },
		{ "linux /a fips=1\nlinux /b\n", 2, 1, NULL },
		{ "# linux /vmlinuz fips=1\n", 0, 0, NULL },
		{ "linuxfoo /vmlinuz fips=1\n", 0, 0, NULL },
		{ "echo linux fips=1\n", 0, 0, NULL },
		{ "linux /vmlinuz \\\n fips=1\n", 1, 1, "1" },
		{ "linux /vmlinuz 'fips=1'\n", 1, 1, "1" },
		{ "linux /vmlinuz \"x fips=1\"\n", 1, 0, NULL },
		{ "linux /vmlinuz fips=1; initrd x\n", 1, 1, "1" },
		{ "linux /vmlinuz $kernelopts\n", 1, 1, "1" },
		{ "linux /vmlinuz ${kernelopts} fips=0\n", 1, 0, "0" },
		{ "linux /vmlinuz fips=1 $nothing\n", 1, 1, "1" },
		{ "linux /vmlinuz ro recovery nomodeset\n", 0, 0, NULL },
		{ "linux /vmlinuz ro single\n", 0, 0, NULL },
		{ "linux /vmlinuz fips=0x1\n", 1, 1, "0x1" },
		{ "set a=\"ro fips=1\"\nlinux /v $a\n", 1, 1, "1" },
		{ "set a=x\nset a=y\nlinux /v fips=1 $a\n", 1, 1, "1" },
		{ "set a=x\nset a=fips=0\nlinux /v fips=1 $a\n", 1, -1, NULL },
		{ "set a=$b\nlinux /v fips=1 $a\n", 1, -1, NULL },
		{ "source /x.cfg\nlinux /v fips=1 $a\n", 1, -1, NULL },
		{ "load_env\nlinux /v fips=1 $a\n", 1, 1, "1" },
		{ "load_env -f ${d}/photon.cfg\nlinux /v $a fips=1\n", 1, 1,
		    "1" },
		{ "load_env -f /other.cfg\nlinux /v fips=1 $a\n", 1, -1, NULL },
		{ "multiboot2 /xen.gz\nmodule2 /vmlinuz x fips=1\n", 1, 1,
		    "1" },
		{ "module2 /initrd.img fips=1\n", 0, 0, NULL },
		{ "linux16 /memtest86+.bin\n", 0, 0, NULL },
		{ "linux\nlinux", 0, 0, NULL },
		{ "linux /vmlinuz \"fips=1\n", -1, 0, NULL },
	};
	static const struct boot_case unread[] = {
		{ "linux /vmlinuz $kernelopts\n", 1, -1, NULL },
		{ "linux /vmlinuz $kernelopts fips=1\n", 1, 1, "1" },
		{ "linux /vmlinuz fips=1 $kernelopts\n", 1, -1, NULL },
		{ "linux /vmlinuz fips=1\n", 1, 1, "1" },
	};
	struct boot_env env = { .kernelopts = span_of("ro fips=1 ") };

	(void)state;
	check_env_files(boot_grub_cfg, &env, cases, COUNT(cases));
	env = (struct boot_env){ .unreadable = true };
	check_env_files(boot_grub_cfg, &env, unread, COUNT(unread));
}

static void
boot_loader_entries_follow_the_environment(void **state)
{
	static const struct boot_case cases[] = {
		{ "title x\nlinux /v\noptions ro fips=1\n", 1, 1, "1" },
		{ "linux /v\noptions ro\noptions fips=1", 1, 1, "1" },
		{ "linux /v\noptions $kernelopts $tuned_params\n", 1, 0, "0" },
		{ "linux /v\noptions ${kernelopts}\n", 1, 1, "1" },
		{ "linux /v\n", 1, 0, NULL },
		{ "linux /v\n# options fips=1\n", 1, 0, NULL },
		{ "title fips=1\nlinux /v\noptions $\n", 1, 0, NULL },
		{ "linux /v\noptions ${\n", 1, 0, NULL },
		{ "options fips=1\r\n", 1, 1, "1" },
		{ "", -1, 0, NULL },
		{ "title only\n", -1, 0, NULL },
	};
	static const struct boot_case unread[] = {
		{ "linux /v\noptions $kernelopts\n", 1, -1, NULL },
		{ "linux /v\noptions fips=1 $tuned_params\n", 1, -1, NULL },
		{ "uki /EFI/Linux/x.efi\n", 1, -1, NULL },
		{ "linux /v\noptions fips=1\n", 1, 1, "1" },
	};
	struct boot_env env = { .kernelopts = span_of("ro fips=1"),
		.tuned_params = span_of("fips=0") };

	(void)state;
	check_env_files(boot_bls, &env, cases, COUNT(cases));
	env = (struct boot_env){ .unreadable = true };
	check_env_files(boot_bls, &env, unread, COUNT(unread));
}

/* A UEFI image of one section, name and text given. */
static int
image(const char *name, const char *text, unsigned declared)
{
	unsigned char b[64 + 24 + 40] = { 'M', 'Z' };
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	b[60] = 64;
	memcpy(b + 64, "PE\0\0", 4);
	b[64 + 6] = 1; /* sections */
	memcpy(b + 88, name, strlen(name));
	b[88 + 8] = (unsigned char)declared;
	b[88 + 16] = (unsigned char)strlen(text);
	b[88 + 20] = sizeof(b);
	assert_int_equal(fwrite(b, 1, sizeof(b), file), sizeof(b));
	(void)fputs(text, file);
	assert_int_equal(fflush(file), 0);
	fd = dup(fileno(file));
	(void)fclose(file);
	return fd;
}

static void
a_kernel_image_gives_its_command_line(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned declared;
		const char *want; /* NULL: refused */
	} cases[] = {
		{ ".cmdline", "ro fips=1", 9, "ro fips=1" },
		{ ".cmdline", "ro fips=1", 2, "ro" },
		{ ".cmdline", "ro", 9, "ro" }, /* zeroes beyond the file */
		{ ".cmdlin", "ro", 2, NULL },
		{ ".linux", "ro", 2, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault f = { 0 };
		int fd = image(cases[i].name, cases[i].text, cases[i].declared);
		BUF_AUTO(out, 64);
		int rc = pe_cmdline(fd, &out, &f);

		(void)close(fd);
		assert_int_equal(rc, cases[i].want != NULL ? 0 : -1);
		if (rc == 0)
			assert_string_equal(out.p, cases[i].want);
	}
	for (size_t n = 0; n < 128; n++) { /* cut short anywhere */
		struct fault f = { 0 };
		int fd = image(".cmdline", "ro", 2);
		BUF_AUTO(out, 64);

		assert_int_equal(ftruncate(fd, (off_t)n), 0);
		assert_int_equal(pe_cmdline(fd, &out, &f), -1);
		(void)close(fd);
	}
}

/* Two sections: of the second only its name. */
static void
an_image_with_profiles_has_no_one_command_line(void **state)
{
	static const struct {
		const char *second;
		int want;
	} cases[] = { { ".linux", 0 }, { ".cmdline", 0 }, { ".profile", -1 } };
	unsigned char name[8];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int fd = image(".cmdline", "ro fips=1", 9);
		const unsigned char two = 2;
		struct fault f = { 0 };
		BUF_AUTO(out, 64);

		(void)memset(name, 0, sizeof(name));
		memcpy(name, cases[i].second, strlen(cases[i].second));
		/* room for the header lies where the text was: move that */
		assert_int_equal(pwrite(fd, &two, 1, 64 + 6), 1);
		assert_int_equal(pwrite(fd, name, 8, 64 + 24 + 40), 8);
		assert_int_equal(pwrite(fd, "ro fips=1", 9, 400), 9);
		assert_int_equal(
		    pwrite(fd, "\x90\x01\0\0", 4, 64 + 24 + 20), 4);
		assert_int_equal(pe_cmdline(fd, &out, &f), cases[i].want);
		if (cases[i].want == 0)
			assert_string_equal(out.p, "ro fips=1");
		(void)close(fd);
	}
}

static void
versions_are_ordered_as_rpm_does(void **state)
{
	static const char *const in_order[] = { "0-rescue", "5.4", "5.14.0-70",
		"5.14.0-284.11", "5.14.0-427", "6.1", "6.12" };

	(void)state;
	for (size_t i = 0; i < COUNT(in_order); i++)
		for (size_t k = 0; k < COUNT(in_order); k++) {
			int c = version_order(in_order[i], in_order[k]);

			assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
		}
	assert_true(version_order("a1", "1") < 0);
	assert_int_equal(version_order("01.0", "1-00"), 0);
}

static void
a_number_is_read_as_the_kernel_does(void **state)
{
	static const char *const on[] = { "1", "0x1", "0X10", "01", "1,x", "-1",
		"2", "0x0f" };
	static const char *const off[] = { "", "0", "00", "0x0", "on", "08",
		"0xg", "-", "x1", ",1" };

	(void)state;
	for (size_t i = 0; i < COUNT(on); i++)
		assert_true(cmdline_on(span_of(on[i])));
	for (size_t i = 0; i < COUNT(off); i++)
		assert_false(cmdline_on(span_of(off[i])));
}

static void
other_boot_files_are_read(void **state)
{
	static const struct boot_case env[] = {
		{ HEAD "saved_entry=x\n#####", 0, 0, NULL },
		{ HEAD "kernelopts=root=/dev/sda1 fips=1 \n####", 1, 1, "1" },
		{ HEAD "xkernelopts=fips=1\n", 0, 0, NULL },
		{ "kernelopts=fips=1\n", -1, 0, NULL },
		{ "", -1, 0, NULL },
	};
	static const struct boot_case cmdline[] = {
		{ "", 0, 0, NULL },
		{ "ro fips=1", 1, 1, "1" },
		{ "# fips=1\nro\nfips=1\n", 1, 1, "1" },
		{ "# fips=1\nro\n", 1, 0, NULL },
	};
	static const struct boot_case kargs[] = {
		{ "", 0, 0, NULL },
		{ "kargs = [\"fips=1\"]", 1, 1, "1" },
		{ "kargs=['fips=1',]\n", 1, 1, "1" },
		{ "# x\nkargs = [ # y\n \"a\",\n \"fips=1\" # z\n]\n", 1, 1,
		    "1" },
		{ "kargs = []\n", 1, 0, NULL },
		{ "kargs2 = [\"fips=1\"]\n", 0, 0, NULL },
		{ "[x]\nkargs = [\"fips=1\"]\n", 0, 0, NULL },
		{ "kargs = [\"a=\\\"b c\\\"\", \"fips=1\"]", 1, 1, "1" },
		/* as the kernel has it, this quote is never closed */
		{ "kargs = [\"a\\\"b\", \"fips=1\"]", 1, 0, NULL },
		{ "match-architectures = [\"x86_64\"]\nkargs = [\"fips=1\"]", 1,
		    1, "1" },
		{ "kargs = \"fips=1\"\n", -1, 0, NULL },
		{ "kargs = [\"fips=1\"", -1, 0, NULL },
		{ "kargs = [\"fips=1]", -1, 0, NULL },
		{ "kargs = [\"\\u0066ips=1\"]", -1, 0, NULL },
		{ "kargs = [1]", -1, 0, NULL },
		{ "kargs = [\"a\" \"b\"]", -1, 0, NULL },
		{ "kargs = []\nkargs = [\"fips=1\"]", -1, 0, NULL },
		{ "kargs", -1, 0, NULL },
	};
	static const struct boot_case config[] = {
		{ "", 0, 0, NULL },
		{ "# only\n\n", 0, 0, NULL },
		{ "kernel.fips = 1\n", 1, 1, "1" },
		{ "kernel.fips = \"1\"", 1, 1, "1" },
		{ "kernel { fips = 1 }", 1, 1, "1" },
		{ "kernel {\n fips = 1;\n x = \"a }\"\n}\n", 1, 1, "1" },
		{ "kernel.fips = 1, 0\n", 1, 0, "0" },
		{ "kernel.fips = 1\nkernel.fips := 0\n", 1, 0, "0" },
		{ "kernel.fips\n", 1, 0, NULL },
		{ "kernel.fipsx = 1\nxkernel.fips = 1\n", 1, 0, NULL },
		{ "a { kernel.fips = 1 }", 1, 0, NULL },
		{ "init.systemd.unit = fipscheck.target\n", 1, 0, NULL },
		{ "kernel.fips = 1 # no\n", 1, 1, "1" },
		{ "kernel { fips = 1\n", -1, 0, NULL },
		{ "}\n", -1, 0, NULL },
		{ "kernel.fips = \"1\n", -1, 0, NULL },
		{ "= 1\n", -1, 0, NULL },
		{ "a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{}}}}}}}}}}}}}}}}}", -1, 0,
		    NULL },
	};
	static const struct boot_case dracut[] = {
		{ "", 0, 0, NULL },
		{ "add_dracutmodules+=\" fips \"\n", 1, 1, NULL },
		{ "add_dracutmodules+=\" crypt lvm \"\n", 1, 0, NULL },
		{ "add_dracutmodules+=\" fipsx \"\n", 1, 0, NULL },
		{ "omit_dracutmodules+=\" fips \"\n", 0, 0, NULL },
		{ "#add_dracutmodules+=\" fips \"\n", 0, 0, NULL },
		{ "kernel_cmdline+=\" fips=1 \"\n", 1, 1, "1" },
		{ "add_dracutmodules+=\" fips\n", -1, 0, NULL },
	};

	(void)state;
	check_files(boot_grubenv, env, COUNT(env));
	check_files(boot_kernel_cmdline, cmdline, COUNT(cmdline));
	check_files(boot_kargs, kargs, COUNT(kargs));
	check_files(boot_bootconfig, config, COUNT(config));
	check_files(boot_dracut, dracut, COUNT(dracut));
}

static void
crypto_policy_names_are_read(void **state)
{
	static const struct {
		const char *text, *policy; /* NULL: refused */
	} cases[] = {
		{ "FIPS\n", "FIPS" },
		{ "FIPS", "FIPS" },
		{ "fips:ospp\r\n", "FIPS:OSPP" },
		{ "# comment\n\n  FIPS:NO-SHA1 # why\nDEFAULT\n",
		    "FIPS:NO-SHA1" },
		{ "DEFAULT:AD-SUPPORT", "DEFAULT:AD-SUPPORT" },
		{ "", NULL },
		{ "# FIPS\n", NULL },
		{ "FIPS mode\n", NULL },
		{ "$(reboot)\n", NULL },
		{ "\xff\xfe", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char out[POLICY_MAX];
		struct fault f = { 0 };
		int rc = policy_read(span_of(cases[i].text), out, &f);

		if ((rc == 0) != (cases[i].policy != NULL))
			fail_msg("%s: rc %d", cases[i].text, rc);
		if (rc == 0)
			assert_string_equal(out, cases[i].policy);
	}
}

static void
count_driver(void *ctx, struct span driver)
{
	(void)driver;
	++*(int *)ctx;
}

static void
self_tests_are_counted_or_refused(void **state)
{
	static const struct {
		const char *text;
		int failed; /* -1: refused */
	} cases[] = {
		{ "name : a\ndriver : d\nselftest : passed\n\n", 0 },
		{ "driver : d\nselftest : unknown", 1 },
		{ "driver : d\nselftest : passed\n\ndriver : e\n"
		  "selftest : failed\n",
		    1 },
		{ "", -1 },
		{ "name : a\ndriver : b\n", -1 },
		{ "driver : d\n\nselftest : passed\n", -1 },
		{ "nonsense", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault f = { 0 };
		int n = 0;
		int rc =
		    proc_crypto(span_of(cases[i].text), count_driver, &n, &f);

		if ((rc == -1 ? -1 : n) != cases[i].failed)
			fail_msg("%s: %d %d", cases[i].text, rc, n);
	}
}

/* name=version,… of what is told */
static int
list_package(void *ctx, const struct package *p, struct fault *f)
{
	(void)f;
	buf_printf(ctx, "%.*s=%.*s,", (int)p->name.len, p->name.p,
	    (int)p->version.len, p->version.p != NULL ? p->version.p : "");
	return 0;
}

static void
package_lists_are_read(void **state)
{
	static const struct {
		const char *text, *list; /* NULL: refused */
	} dpkg[] = {
		{ "", "" },
		{ "Package: a\nStatus: install ok installed\nVersion: 1\n",
		    "a=1," },
		{ "Package: a\nVersion: 1", "a=1," },
		{ "Package: a\nStatus: deinstall ok config-files\n"
		  "Version: 1\n\nPackage: b\nVersion: 2\n",
		    "b=2," },
		{ "Package: a\nStatus: install ok half-configured\n", "" },
		{ "Package: a\nStatus: install ok triggers-awaited\n"
		  "Version: 1\n",
		    "a=1," },
		{ "Package: a\nDescription: x\n Package: b\n .\nVersion: 1\n",
		    "a=1," },
		{ "Package: a\r\nVersion: 1\r\n\r\nPackage: b\r\nVersion: 2",
		    "a=1,b=2," },
		{ "\n\n\nPackage: a\nVersion: 1\n\n\n", "a=1," },
		{ "Version: 1\n\n", NULL },
		{ "\x7f"
		  "ELF",
		    NULL },
	};
	static const struct {
		const char *text, *list;
	} rpm[] = {
		{ "", "" },
		{ "a\t1\tx86_64\nb\t2\tnoarch", "a=1,b=2," },
		{ "a\t1\tx86_64\tV, Inc.\tRSA/SHA256, x, Key ID "
		  "0123456789abcdef\nb\t2\tnoarch\t\t",
		    "a=1,b=2," },
		{ "a\t1\n", NULL },
		{ "a\t1\tb\tc\td\te\n", NULL },
		{ "a\t1\tb\tc\n", NULL },
		{ "package a is not installed\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(dpkg); i++) {
		BUF_AUTO(out, 1024);
		struct fault f = { 0 };
		int rc =
		    dpkg_read(span_of(dpkg[i].text), list_package, &out, &f);

		if ((rc == 0) != (dpkg[i].list != NULL))
			fail_msg("%s: rc %d", dpkg[i].text, rc);
		if (rc == 0)
			assert_string_equal(
			    out.len > 0 ? out.p : "", dpkg[i].list);
	}
	for (size_t i = 0; i < COUNT(rpm); i++) {
		BUF_AUTO(out, 1024);
		struct fault f = { 0 };
		int rc = rpm_read(span_of(rpm[i].text), list_package, &out, &f);

		if ((rc == 0) != (rpm[i].list != NULL))
			fail_msg("%s: rc %d", rpm[i].text, rc);
		if (rc == 0)
			assert_string_equal(
			    out.len > 0 ? out.p : "", rpm[i].list);
	}
}

static void
names_that_matter_are_known(void **state)
{
	static const char *const yes[] = { "openssl", "openssl-libs", "libssl3",
		"libgcrypt20-hmac", "libgnutls30", "gnutls", "libnss3",
		"nss-softokn", "dracut", "dracut-fips", "aide", "kernel-core",
		"linux-image-6.1.0-26-amd64", "linux-aws-fips",
		"crypto-policies-scripts", "fips-initramfs",
		"openssl-fips-provider-so", "openssl-fips-module-3",
		"libkcapi-hmaccalc", "ubuntu-aws-fips", "strongswan",
		"openssh-server", "golang-fips", "patterns-base-fips",
		"mozilla-nss", "libopenssl3" };
	static const char *const no[] = { "", "aide-common", "zlib1g",
		"openssh-client", "linux-headers-6.1", "ubuntu-minimal",
		"patterns-base-base", "libcurl4" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		if (!package_matters(span_of(yes[i])))
			fail_msg("%s does not matter", yes[i]);
	for (size_t i = 0; i < COUNT(no); i++)
		if (package_matters(span_of(no[i])))
			fail_msg("%s matters", no[i]);
}

#define INIT "openssl_conf=i\n[i]\nproviders=p\nalg_section=a\n"

static void
openssl_configurations_are_understood(void **state)
{
	static const struct {
		const char *text, *library;
		int fips, by_default; /* TRI_…; -1: refused */
		const char *properties;
	} cases[] = {
		{ "", "", TRI_NO, TRI_YES, NULL },
		{ "# nothing\n", "", TRI_NO, TRI_YES, NULL },
		{ INIT "[p]\nfips=f\n[f]\nactivate=1\n", "", TRI_YES, TRI_NO,
		    NULL },
		{ INIT "[p]\nfips=f\nbase=b\n[b]\nactivate=1\n[f]\nx=1\n", "",
		    TRI_NO, TRI_NO, NULL },
		{ INIT "[p]\ndefault=d\n[d]\n# activate = 1\n", "", TRI_NO,
		    TRI_YES, NULL },
		{ INIT "[p]\nfips=f\ndefault=d\n[d]\nactivate=1\n"
		       "[f]\nactivate = yes # x\n",
		    "", TRI_YES, TRI_YES, NULL },
		{ INIT "[ p ]\nfips = f\n[ f ]\nactivate = 0\n", "",
		    TRI_UNKNOWN, TRI_UNKNOWN, NULL },
		{ INIT "[p]\nfips=f\n[f]\nactivate=0\n", "3.0.7", TRI_YES,
		    TRI_NO, NULL },
		{ INIT "[p]\nfips=f\n[f]\nactivate=0\n", "3.2.2", TRI_NO,
		    TRI_YES, NULL },
		{ INIT "[a]\ndefault_properties = fips=yes\n", "", TRI_NO,
		    TRI_YES, "fips=yes" },
		{ INIT "[a]\ndefault_properties = \"fips=yes\"\n", "", TRI_NO,
		    TRI_YES, "fips=yes" },
		{ INIT "[p]\n1.fips=f\n[f]\nx.activate=on\n", "", TRI_YES,
		    TRI_NO, NULL },
		{ INIT "[p]\nx=f\n[f]\nidentity=fips\nactivate=true\n", "",
		    TRI_YES, TRI_NO, NULL },
		{ INIT "[p]\nfips=f\nfips=g\n[f]\nactivate=1\n[g]\n", "",
		    TRI_NO, TRI_YES, NULL },
		{ INIT "p::fips=f\nf::activate=1\n", "", TRI_YES, TRI_NO,
		    NULL },
		{ INIT "[p]\nfips=$x\n", "", TRI_UNKNOWN, TRI_UNKNOWN, NULL },
		{ "openssl_conf=$ENV::X\n", "", TRI_UNKNOWN, TRI_UNKNOWN,
		    NULL },
		{ INIT "[p]\nfi\\\nps=f\n[f]\nactivate=1\n", "", TRI_YES,
		    TRI_NO, NULL },
		{ "x = \"#\" # openssl_conf\n[p]\nfips=f\n", "", TRI_NO,
		    TRI_YES, NULL },
		{ "[i]\nproviders=p\n[p]\nfips=f\n[f]\nactivate=1\n", "",
		    TRI_NO, TRI_YES, NULL },
		{ ".include /anything\n" INIT, "", TRI_UNKNOWN, TRI_UNKNOWN,
		    NULL },
		{ ".include = relative\n" INIT, "", TRI_UNKNOWN, TRI_UNKNOWN,
		    NULL },
		{ ".pragma dollarid:on\n", "", TRI_UNKNOWN, TRI_UNKNOWN, NULL },
		{ "\xef\xbb\xbfopenssl_conf=i\r\n[i]\r\nproviders=p\r\n[p]\r\n"
		  "fips=f\r\n[f]\r\nactivate=1",
		    "", TRI_YES, TRI_NO, NULL },
		{ "no equal sign\n", "", -1, 0, NULL },
		{ "[open\n", "", -1, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct conf_providers said;
		struct conf c;
		struct fault f = { 0 };
		int rc;

		conf_init(&c);
		rc = conf_read(&c, span_of(cases[i].text), &f);
		if ((rc == -1) != (cases[i].fips == -1))
			fail_msg("%s: rc %d %s", cases[i].text, rc, f.text);
		if (rc == 0) {
			conf_providers(&c, cases[i].library, &said);
			if ((int)said.fips != cases[i].fips ||
			    (int)said.by_default != cases[i].by_default)
				fail_msg("%s: fips %d default %d",
				    cases[i].text, said.fips, said.by_default);
			if (cases[i].properties != NULL)
				assert_string_equal(
				    said.properties, cases[i].properties);
			else
				assert_null(said.properties);
		}
		conf_free(&c);
	}
}

/* An include that includes itself ends at the depth that is allowed. */
static int
include_again(void *ctx, struct conf *c, const char *path, struct fault *f)
{
	(void)path;
	return conf_read(c, span_of(ctx), f);
}

static void
includes_that_include_themselves_are_refused(void **state)
{
	static char text[] = ".include /x\n";
	struct fault f = { 0 };
	struct conf c;

	(void)state;
	conf_init(&c);
	c.include = include_again;
	c.ctx = text;
	assert_int_equal(conf_read(&c, span_of(text), &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	conf_free(&c);
}

static void
a_nul_or_too_much_is_refused(void **state)
{
	struct fault f = { 0 };
	struct conf c;
	BUF_AUTO(big, 1024 * 1024);

	(void)state;
	conf_init(&c);
	assert_int_equal(conf_read(&c, (struct span){ "a=\0b\n", 5 }, &f), -1);
	assert_int_equal(f.kind, FAULT_FORMAT);
	buf_puts(&big, "a=");
	while (big.len < CONF_LINE_MAX + 10)
		buf_putc(&big, 'x');
	assert_int_equal(
	    conf_read(&c, (struct span){ big.p, big.len }, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	buf_reset(&big);
	for (int i = 0; i <= CONF_VALUES_MAX; i++)
		buf_puts(&big, "a=b\n");
	assert_int_equal(
	    conf_read(&c, (struct span){ big.p, big.len }, &f), -1);
	assert_int_equal(f.kind, FAULT_LIMIT);
	conf_free(&c);
}

static void
provider_lists_are_read(void **state)
{
	static const char good[] =
	    "Providers:\n  base\n    name: B\n    version: 1\n"
	    "    status: active\n  fips\n    name: F: x\n    version: 3.0.7-a\n"
	    "    status: inactive\n    build info: b\n"
	    "    gettable provider parameters:\n      name: pointer\n";
	struct fault f = { 0 };
	json_t *list = providers_list(span_of(good), &f);
	BUF_AUTO(out, 4096);

	(void)state;
	assert_non_null(list);
	assert_int_equal(json_canonical(list, &out, &f), 0);
	assert_string_equal(out.p,
	    "[{\"active\":true,\"key\":\"base\",\"name\":\"B\","
	    "\"version\":\"1\"},{\"active\":false,\"buildinfo\":\"b\","
	    "\"key\":\"fips\",\"name\":\"F: x\",\"version\":\"3.0.7-a\"}]");
	json_decref(list);
	assert_null(providers_list(span_of(""), &f));
	assert_null(providers_list(span_of("list: unknown option\n"), &f));
}

static void
small_switches_are_read(void **state)
{
	static const struct {
		const char *text, *mode;
	} go[] = {
		{ "GODEBUG=fips140=on\n", "on" },
		{ "GODEBUG=\"x=1,fips140=only\"", "only" },
		{ "GODEBUG=fips140=on\nGODEBUG=x=1\n", "on" },
		{ "XGODEBUG=fips140=on\n", NULL },
		{ "GODEBUG\n", NULL },
		{ "GODEBUG=fips140\n", NULL },
		{ "", NULL },
	};
	static const struct {
		const char *text;
		int forced;
	} nss[] = {
		{ "library=\nNSS=Flags=internal,critical,FIPS x\n", 1 },
		{ "NSS=\"Flags=internal,fips\"\n", 1 },
		{ "NSS=trustOrder=1 flags=internal,critical\n", 0 },
		{ "NSS=Flags=internal,fipsx\n", 0 },
		{ "NSS=\n", 0 },
		{ "parameters=Flags=fips\n", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(go); i++) {
		struct span v = { NULL, 0 };
		bool found = go_fips140(span_of(go[i].text), &v);

		if (found != (go[i].mode != NULL) ||
		    (found && !span_is(v, go[i].mode)))
			fail_msg("%s: %d", go[i].text, found);
	}
	for (size_t i = 0; i < COUNT(nss); i++)
		if (nss_forced(span_of(nss[i].text)) != nss[i].forced)
			fail_msg("%s", nss[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_line_is_read_as_the_kernel_reads_it),
		cmocka_unit_test(os_release_values_are_unquoted),
		cmocka_unit_test(grub_default_is_evaluated),
		cmocka_unit_test(grub_default_goes_on_in_the_next_file),
		cmocka_unit_test(grub_cfg_kernel_lines_are_counted),
		cmocka_unit_test(boot_loader_entries_follow_the_environment),
		cmocka_unit_test(other_boot_files_are_read),
		cmocka_unit_test(a_kernel_image_gives_its_command_line),
		cmocka_unit_test(
		    an_image_with_profiles_has_no_one_command_line),
		cmocka_unit_test(versions_are_ordered_as_rpm_does),
		cmocka_unit_test(a_number_is_read_as_the_kernel_does),
		cmocka_unit_test(crypto_policy_names_are_read),
		cmocka_unit_test(self_tests_are_counted_or_refused),
		cmocka_unit_test(package_lists_are_read),
		cmocka_unit_test(names_that_matter_are_known),
		cmocka_unit_test(openssl_configurations_are_understood),
		cmocka_unit_test(includes_that_include_themselves_are_refused),
		cmocka_unit_test(a_nul_or_too_much_is_refused),
		cmocka_unit_test(provider_lists_are_read),
		cmocka_unit_test(small_switches_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
