/* Keys, passphrases and time stamps, as the options name them. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/kms.h"
#include "report/sign/sign.h"
#include "report/sign/tsa.h"

/* ------------------------------------------------------------- passphrases */

/* Where the passphrase is to be had; once had, it is kept until the key is
 * loaded: a descriptor gives it only once, and a person should. */
struct passphrase {
	const char *path; /* --passphrase-file: its first line */
	const char *fd;	  /* --passphrase-fd: its first line */
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
	else if (p->len == -1 && p->fd != NULL)
		p->len = read_line(atoi(p->fd), p->text, sizeof(p->text));
	else if (p->len == -1)
		p->len = from_terminal(what, p->text, sizeof(p->text));
	if (p->len == -1 || (size_t)p->len > size)
		return -1;
	memcpy(out, p->text, (size_t)p->len);
	return p->len;
}

/* Named before it is needed: asking cannot say that it is missing. */
static int
check_passphrase(const struct options *o, struct fault *f)
{
	const char *path = option(o, "passphrase-file");
	const char *fd = option(o, "passphrase-fd");

	if (path != NULL && fd != NULL)
		return fault(f, FAULT_USAGE,
		    "--passphrase-file and --passphrase-fd: give one");
	if (path != NULL && access(path, R_OK) == -1)
		return fault_errno(f, errno, path);
	if (fd == NULL)
		return 0;
	if (!cli_is_number(fd) || strlen(fd) > 9)
		return fault(f, FAULT_USAGE,
		    "--passphrase-fd %s: not the number of an open file", fd);
	if (fcntl(atoi(fd), F_GETFD) == -1)
		return fault(f, FAULT_USAGE,
		    "--passphrase-fd %s: no open file has that number", fd);
	return 0;
}

static struct signer_passphrase
cli_passphrase(struct passphrase *p, const struct options *o)
{
	*p = (struct passphrase){ .path = option(o, "passphrase-file"),
		.fd = option(o, "passphrase-fd"),
		.len = -1 };
	return (struct signer_passphrase){ ask_passphrase, p };
}

/* -------------------------------------------------------------------- keys */

int
cli_key_new(struct cli *cli, const struct options *o, const char *key_path,
    const char *cert_path, struct fault *f)
{
	const char *days = option_or(o, "days", "825");
	struct passphrase pass;
	const struct signer_passphrase asked = cli_passphrase(&pass, o);
	char cn[SIGNER_COMMON_NAME_MAX + 1];
	int64_t now = 0;
	BUF_AUTO(key, SIGNER_FILE_MAX);
	BUF_AUTO(cert, SIGNER_FILE_MAX);
	int rc;

	(void)snprintf(
	    cn, sizeof(cn), "%s", option_or(o, "name", cli->operator_name));
	if (check_passphrase(o, f) == -1)
		return -1;
	if (!cli_is_number(days) || strlen(days) > 6)
		return fault(
		    f, FAULT_USAGE, "--days %s: not a number of days", days);
	if (access(key_path, F_OK) == 0 || access(cert_path, F_OK) == 0)
		return fault(f, FAULT_USAGE,
		    "%s or %s exists already: a key is never overwritten; name "
		    "others with --key and --cert",
		    key_path, cert_path);
	(void)utc_parse(cli->now, &now);
	rc = signer_generate(cli->crypto, cn, now, atoi(days),
	    pass.path != NULL || pass.fd != NULL ? &asked : NULL, &key, &cert,
	    f);
	passphrase_wipe(&pass);
	if (rc == 0)
		rc = file_write(key_path, key.p, key.len, 0600, f);
	if (rc == 0 &&
	    (rc = file_write(cert_path, cert.p, cert.len, 0644, f)) == -1)
		(void)unlink(key_path); /* of no use alone, and in the way */
	if (key.p != NULL)
		explicit_bzero(key.p, key.cap);
	return rc;
}

int
cli_signer(struct cli *cli, const struct options *o, bool make,
    struct signer **out, struct fault *f)
{
	const char *key = option(o, "key"), *cert = option(o, "cert");
	struct passphrase pass;
	const struct signer_passphrase asked = cli_passphrase(&pass, o);

	*out = NULL;
	if (option(o, "unsigned") != NULL)
		return 0;
	if (check_passphrase(o, f) == -1)
		return -1;
	if (key == NULL) {
		key = DEFAULT_KEY;
		cert = cert != NULL ? cert : DEFAULT_CERT;
		if (access(key, F_OK) == -1 && make) {
			if (cli_key_new(cli, o, key, cert, f) == -1)
				return -1;
			printf(
			    "Made a self-signed key, %s and %s.\n", key, cert);
		}
		if (access(key, F_OK) == -1)
			return fault(f, FAULT_USAGE,
			    "%s: no signing key; 'exhibit key new' makes a "
			    "self-signed one, --key names another, --unsigned "
			    "does without",
			    key);
	}
	*out = kms_is(key) ? kms_signer(cli, key, cert, &asked, f)
			   : signer_load(cli->crypto, key, cert, &asked, f);
	passphrase_wipe(&pass);
	return *out == NULL ? -1 : 0;
}

/* ------------------------------------------------------------- time stamps */

/* --tsa-timeout in milliseconds. */
static int
tsa_time(const struct options *o, long *ms, struct fault *f)
{
	const char *s = option(o, "tsa-timeout");

	*ms = TSA_TIME_MS;
	if (s == NULL)
		return 0;
	if (!cli_is_number(s) || strlen(s) > 4 || atol(s) < 1)
		return fault(f, FAULT_USAGE,
		    "--tsa-timeout %s: not a number of seconds, 1 to 9999", s);
	*ms = atol(s) * 1000;
	return 0;
}

int
cli_tsa_check(const struct options *o, struct fault *f)
{
	const char *url = option(o, "tsa"), *cert = option(o, "tsa-cert");
	long ms;

	if (cert != NULL && access(cert, R_OK) == -1)
		return fault_errno(f, errno, cert);
	if (tsa_time(o, &ms, f) == -1)
		return -1;
	return url != NULL ? tsa_url_check(url, f) : 0;
}

/* A token over the note: one that verifies, and with --tsa-cert one by an
 * authority that is trusted. */
static int
stamp(struct cli *cli, const struct buf *note, struct buf *tst, struct fault *f)
{
	const struct options *o = cli->options;
	const char *cert = option(o, "tsa-cert");
	struct tsa_info info;
	long ms;
	BUF_AUTO(anchors, ANCHORS_MAX);

	if (tsa_time(o, &ms, f) == -1 ||
	    (cert != NULL && file_read(cert, &anchors, f) == -1))
		return -1;
	if (cert != NULL && anchors.len == 0)
		return fault(f, FAULT_USAGE, "%s: is empty", cert);
	if (tsa_stamp(cli->crypto, option(o, "tsa"), ms, note->p, note->len,
		tst, f) == -1)
		return -1;
	return tsa_verify(cli->crypto, note->p, note->len, tst->p, tst->len,
	    anchors.p, anchors.len, &info, f);
}

/* Evidence is not lost because an authority is away: the checkpoint is kept
 * without a stamp, the reason told, and the status is no longer 0. */
void
cli_stamp(
    struct cli *cli, const struct buf *bytes, const char *what, struct buf *tst)
{
	struct fault why = { 0 };

	if (option(cli->options, "tsa") == NULL || cli->unstamped)
		return; /* one refusal is enough for a command */
	if (stamp(cli, bytes, tst, &why) == 0)
		return;
	buf_reset(tst);
	cli->unstamped = true;
	(void)fflush(stdout);
	(void)fprintf(
	    stderr, "exhibit: %s, but not time-stamped: %s\n", what, why.text);
}

/* CAdES-T: the stamp is over the signature's value, and goes into it. */
static int
stamp_signature(
    struct cli *cli, const char *what, struct buf *cms, struct fault *f)
{
	BUF_AUTO(value, SIGNATURE_MAX);
	BUF_AUTO(tst, TSA_RESPONSE_MAX);
	BUF_AUTO(stamped, SIGNATURE_MAX);

	if (option(cli->options, "tsa") == NULL)
		return 0;
	if (signature_value(cli->crypto, cms->p, cms->len, &value, f) == -1)
		return -1;
	cli_stamp(cli, &value, what, &tst);
	if (tst.len == 0)
		return 0;
	if (signature_stamp(cli->crypto, cms->p, cms->len, tst.p, tst.len,
		&stamped, f) == -1)
		return -1;
	buf_reset(cms);
	buf_put(cms, stamped.p, stamped.len);
	return buf_done(cms, "signature", f);
}

int
cli_sign(struct cli *cli, const struct signer *signer, const struct buf *bytes,
    const char *what, struct buf *cms, struct fault *f)
{
	char text[UTC_LEN];
	int64_t when = 0;

	cli_clock(cli, text);
	(void)utc_parse(text, &when);
	return sign_detached(signer, bytes->p, bytes->len, when, cms, f) == -1
		   ? -1
		   : stamp_signature(cli, what, cms, f);
}

int
cli_checkpoint(struct cli *cli, struct store *st, const struct signer *signer,
    struct fault *f)
{
	char made[UTC_LEN];
	struct log_head head;
	BUF_AUTO(note, 1024);
	BUF_AUTO(cms, SIGNATURE_MAX);
	BUF_AUTO(tst, TSA_RESPONSE_MAX);

	cli_clock(cli, made);
	if (log_head(st, &head, f) == -1 ||
	    checkpoint_note(st, &head, &note, f) == -1)
		return -1;
	if (signer != NULL && cli_sign(cli, signer, &note,
				  "the checkpoint is signed", &cms, f) == -1)
		return -1;
	cli_stamp(cli, &note, "the checkpoint is kept", &tst);
	return checkpoint_put_stamped(st, made, &head, note.p,
	    signer != NULL ? cms.p : NULL, cms.len, tst.len > 0 ? tst.p : NULL,
	    tst.len, f);
}
