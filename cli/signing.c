/* Keys, passphrases and time stamps, as the options name them. */
#include "cli/requests.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/kms_client.h"
#include "report/sign/kms.h"
#include "report/sign/sign.h"
#include "report/sign/tsa.h"
#include "base/number.h"

#define DAYS_MAX 999999

/* ------------------------------------------------------------- passphrases */

/* Where the passphrase is to be had; once had, it is kept until the key is
 * loaded: a descriptor gives it only once, and a person should. */
struct passphrase {
	const char *path; /* --passphrase-file: its first line, or NULL */
	int fd;		  /* --passphrase-fd: its first line, or -1 */
	char text[SIGNER_PASSPHRASE_MAX];
	int len; /* -1: not had yet */
};

static void
passphrase_wipe(struct passphrase *p)
{
	explicit_bzero(p->text, sizeof(p->text));
	p->len = -1;
}

/* One line without its end, byte by byte: what follows is not ours. */
static int
read_line(int fd, char *out, size_t size)
{
	size_t len = 0;
	ssize_t n;
	char c;

	while ((n = read(fd, &c, 1)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 || len == size)
			return -1;
		if (c == '\n')
			break;
		out[len++] = c;
	}
	if (n == 0 && len == 0)
		return -1;
	if (len > 0 && out[len - 1] == '\r')
		len--;
	return (int)len;
}

static int
from_file(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), n;

	if (fd == -1)
		return -1;
	n = read_line(fd, out, size);
	(void)close(fd);
	return n;
}

/* Asked at the terminal, without echo; -1 where there is none. */
static int
from_terminal(const char *what, char *out, size_t size)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), n;
	struct termios before, quiet;

	if (fd == -1)
		return -1;
	if (tcgetattr(fd, &before) == -1) {
		(void)close(fd);
		return -1;
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	(void)dprintf(fd, "Passphrase or PIN of %s: ", what);
	(void)tcsetattr(fd, TCSAFLUSH, &quiet);
	n = read_line(fd, out, size);
	(void)tcsetattr(fd, TCSAFLUSH, &before);
	(void)dprintf(fd, "\n");
	(void)close(fd);
	return n;
}

static int
ask_passphrase(void *ctx, const char *what, char *out, size_t size)
{
	struct passphrase *p = ctx;

	if (p->len == -1 && p->path != NULL)
		p->len = from_file(p->path, p->text, sizeof(p->text));
	else if (p->len == -1 && p->fd != -1)
		p->len = read_line(p->fd, p->text, sizeof(p->text));
	else if (p->len == -1)
		p->len = from_terminal(what, p->text, sizeof(p->text));
	if (p->len == -1 || (size_t)p->len > size)
		return -1;
	memcpy(out, p->text, (size_t)p->len);
	return p->len;
}

/* Named before it is needed: asking cannot say that it is missing. */
static int
read_passphrase(const struct options *o, struct signing *out, struct fault *f)
{
	const char *path = option(o, "passphrase-file");
	const char *fd = option(o, "passphrase-fd");
	long long n;

	out->passphrase_fd = -1;
	if (path != NULL && fd != NULL)
		return fault(f, FAULT_USAGE,
		    "--passphrase-file and --passphrase-fd: give one");
	if (path != NULL && access(path, R_OK) == -1)
		return fault_errno(f, errno, path);
	out->passphrase_file = path;
	if (fd == NULL)
		return 0;
	if (!number_read(fd, 0, INT_MAX, &n))
		return fault(f, FAULT_USAGE,
		    "--passphrase-fd %s: not the number of an open file", fd);
	if (fcntl((int)n, F_GETFD) == -1)
		return fault(f, FAULT_USAGE,
		    "--passphrase-fd %s: no open file has that number", fd);
	out->passphrase_fd = (int)n;
	return 0;
}

int
signing_read(const struct options *o, struct signing *out, struct fault *f)
{
	const char *days = option_or(o, "days", "825");
	long long n;

	*out = (struct signing){ .key = option(o, "key"),
		.cert = option(o, "cert"),
		.is_unsigned = option(o, "unsigned") != NULL,
		.name = option(o, "name") };
	if (out->is_unsigned)
		return 0;
	if (read_passphrase(o, out, f) == -1)
		return -1;
	if (!number_read(days, 0, DAYS_MAX, &n))
		return fault(
		    f, FAULT_USAGE, "--days %s: not a number of days", days);
	out->days = (int)n;
	return 0;
}

static struct signer_passphrase
passphrase_of(struct passphrase *p, const struct signing *s)
{
	*p = (struct passphrase){
		.path = s->passphrase_file, .fd = s->passphrase_fd, .len = -1
	};
	return (struct signer_passphrase){ ask_passphrase, p };
}

/* -------------------------------------------------------------------- keys */

int
cli_key_new(struct cli *cli, const struct signing *s, const char *key_path,
    const char *cert_path, struct fault *f)
{
	struct passphrase pass;
	const struct signer_passphrase asked = passphrase_of(&pass, s);
	char cn[SIGNER_COMMON_NAME_MAX + 1];
	int64_t now = 0;
	BUF_AUTO(key, SIGNER_FILE_MAX);
	BUF_AUTO(cert, SIGNER_FILE_MAX);
	int rc;

	(void)snprintf(cn, sizeof(cn), "%.*s", SIGNER_COMMON_NAME_MAX,
	    s->name != NULL ? s->name : cli->operator_name);
	if (access(key_path, F_OK) == 0 || access(cert_path, F_OK) == 0)
		return fault(f, FAULT_USAGE,
		    "%s or %s exists already: a key is never overwritten; name "
		    "others with --key and --cert",
		    key_path, cert_path);
	(void)utc_parse(cli->now, &now);
	rc = signer_generate(cli->crypto, cn, now, s->days,
	    pass.path != NULL || pass.fd != -1 ? &asked : NULL, &key, &cert, f);
	passphrase_wipe(&pass);
	if (rc == 0)
		rc = file_create(key_path, key.p, key.len, 0600, f);
	if (rc == 0 &&
	    (rc = file_create(cert_path, cert.p, cert.len, 0644, f)) == -1)
		(void)unlink(key_path); /* of no use alone, and in the way */
	if (key.p != NULL)
		explicit_bzero(key.p, key.cap);
	return rc;
}

/* The default key, made if it is missing and may be. */
static int
default_key(struct cli *cli, const struct signing *s, bool make,
    const char *cert, struct fault *f)
{
	if (access(DEFAULT_KEY, F_OK) == -1 && make) {
		if (cli_key_new(cli, s, DEFAULT_KEY, cert, f) == -1)
			return -1;
		printf(
		    "Made a self-signed key, %s and %s.\n", DEFAULT_KEY, cert);
	}
	if (access(DEFAULT_KEY, F_OK) == -1)
		return fault(f, FAULT_USAGE,
		    "%s: no signing key; 'exhibit key new' makes a "
		    "self-signed one, --key names another, --unsigned "
		    "does without",
		    DEFAULT_KEY);
	return 0;
}

/* Asked before any work: what was done would be kept, and under no signature.
 */
static int
may_sign_now(
    const struct cli *cli, const struct signer *signer, struct fault *f)
{
	struct signer_info i;
	char text[UTC_LEN], from[UTC_LEN], to[UTC_LEN];
	int64_t now = 0;

	cli_clock(cli, text);
	(void)utc_parse(text, &now);
	if (signer_describe(signer, &i, f) == -1)
		return -1;
	if (now >= i.not_before && now <= i.not_after)
		return 0;
	utc_format(i.not_before, from);
	utc_format(i.not_after, to);
	return fault(f, FAULT_USAGE,
	    "the signing certificate of %.300s is valid from %s to %s, not at "
	    "%s: nothing was done. Name another with --key and --cert.",
	    i.subject, from, to, text);
}

int
cli_signer(struct cli *cli, const struct signing *s, bool make,
    struct signer **out, struct fault *f)
{
	const char *key = s->key, *cert = s->cert;
	struct passphrase pass;
	const struct signer_passphrase asked = passphrase_of(&pass, s);

	*out = NULL;
	cli->seal.signer = NULL;
	if (s->is_unsigned)
		return 0;
	if (key == NULL) {
		key = DEFAULT_KEY;
		cert = cert != NULL ? cert : DEFAULT_CERT;
		if (default_key(cli, s, make, cert, f) == -1)
			return -1;
	}
	*out = kms_is(key) ? cli_kms_signer(cli, key, cert, &asked, f)
			   : signer_load(cli->crypto, key, cert, &asked, f);
	cli->seal.signer = *out;
	passphrase_wipe(&pass);
	if (*out == NULL)
		return -1;
	if (s->only_shown || may_sign_now(cli, *out, f) == 0)
		return 0;
	cli->seal.signer = NULL;
	signer_free(*out);
	*out = NULL;
	return -1;
}

int
cli_signer_of(struct cli *cli, const struct options *o, bool if_named,
    struct signer **out, struct fault *f)
{
	struct signing s;

	*out = NULL;
	if (if_named && option(o, "key") == NULL)
		return 0;
	return signing_read(o, &s, f) == -1
		   ? -1
		   : cli_signer(cli, &s, false, out, f);
}

/* ------------------------------------------------------------- time stamps */

/* --tsa-timeout in milliseconds. */
static int
tsa_time(const struct options *o, long *ms, struct fault *f)
{
	const char *s = option(o, "tsa-timeout");
	long long n;

	*ms = TSA_TIME_MS;
	if (s == NULL)
		return 0;
	if (!number_read(s, 1, 9999, &n))
		return fault(f, FAULT_USAGE,
		    "--tsa-timeout %s: not a number of seconds, 1 to 9999", s);
	*ms = (long)n * 1000;
	return 0;
}

static void
clock_of(void *ctx, char now[UTC_LEN])
{
	cli_clock(ctx, now);
}

/* The status is no longer 0, as main sees by the sealing. */
static void
tell_unstamped(void *ctx, const char *what, const char *why)
{
	(void)ctx;
	(void)fflush(stdout);
	(void)fprintf(
	    stderr, "exhibit: %s, but not time-stamped: %s\n", what, why);
}

int
cli_tsa(struct cli *cli, const struct options *o, struct fault *f)
{
	const char *cert = option(o, "tsa-cert");
	struct sealing *s = &cli->seal;

	*s = (struct sealing){ .crypto = cli->crypto,
		.tsa = option(o, "tsa"),
		.clock = clock_of,
		.unstamped = tell_unstamped,
		.ctx = cli };
	cli->tsa_cert.max = ANCHORS_MAX;
	if (cert != NULL && file_read(cert, &cli->tsa_cert, f) == -1)
		return -1;
	if (cert != NULL && cli->tsa_cert.len == 0)
		return fault(f, FAULT_USAGE, "%s: is empty", cert);
	s->tsa_anchors = (struct slice){ cli->tsa_cert.p, cli->tsa_cert.len };
	if (tsa_time(o, &s->tsa_ms, f) == -1)
		return -1;
	return s->tsa != NULL ? tsa_url_check(s->tsa, f) : 0;
}
