/*
 * sshd_config(5), as sshd -T would say of the algorithms: Include is followed
 * where it stands, inside the tree; the first value of a keyword holds. In a
 * Match block only PubkeyAcceptedAlgorithms may stand, and then holds beside
 * the global one. What an Include outside the tree may set first is unread.
 */
#include <string.h>
#include <strings.h>

#include "base/length.h"

#include "collector/settings/config_parts.h"

#define HOME "/etc/ssh"

static const struct {
	const char *keyword, *column, *in_match; /* NULL: refused there */
} lists[] = {
	{ "ciphers", "ciphers", NULL },
	{ "macs", "macs", NULL },
	{ "kexalgorithms", "kex", NULL },
	{ "hostkeyalgorithms", "host_key", NULL },
	{ "pubkeyacceptedalgorithms", "public_key", "match_public_key" },
	{ "pubkeyacceptedkeytypes", "public_key", "match_public_key" },
};
#define NLISTS (LENGTH(lists))

/* servconf.c of OpenSSH 10.0, and what Red Hat and Debian add. */
static const char keywords[] =
    " acceptenv addressfamily allowagentforwarding allowgroups "
    "allowstreamlocalforwarding allowtcpforwarding allowusers "
    "authenticationmethods authorizedkeyscommand authorizedkeyscommanduser "
    "authorizedkeysfile authorizedkeysfile2 authorizedprincipalscommand "
    "authorizedprincipalscommanduser authorizedprincipalsfile banner "
    "casignaturealgorithms challengeresponseauthentication channeltimeout "
    "chrootdirectory ciphers clientalivecountmax clientaliveinterval "
    "compression debianbanner denygroups denyusers disableforwarding "
    "dsaauthentication exposeauthinfo fingerprinthash forcecommand "
    "gatewayports gssapiauthentication gssapicleanupcredentials "
    "gssapienablek5users gssapikexalgorithms gssapikeyexchange "
    "gssapistorecredentialsonrekey gssapistrictacceptorcheck "
    "hostbasedacceptedalgorithms hostbasedacceptedkeytypes "
    "hostbasedauthentication hostbasedusesnamefrompacketonly hostcertificate "
    "hostdsakey hostkey hostkeyagent hostkeyalgorithms ignorerhosts "
    "ignoreuserknownhosts include ipqos kbdinteractiveauthentication "
    "keepalive kerberosauthentication kerberosgetafstoken "
    "kerberosorlocalpasswd kerberosticketcleanup kerberostgtpassing "
    "kerberosuniqueccache kerberosusekuserok kexalgorithms "
    "keyregenerationinterval listenaddress logingracetime loglevel "
    "logverbose macs match maxauthtries maxsessions maxstartups modulifile "
    "pamauthenticationviakbdint passwordauthentication permitemptypasswords "
    "permitlisten permitopen permitrootlogin permittty permittunnel "
    "permituserenvironment permituserrc persourcemaxstartups "
    "persourcenetblocksize persourcepenalties persourcepenaltyexemptlist "
    "pidfile port printlastlog printmotd protocol pubkeyacceptedalgorithms "
    "pubkeyacceptedkeytypes pubkeyauthentication pubkeyauthoptions rdomain "
    "refuseconnection rekeylimit requiredrsasize reversemappingcheck "
    "revokedkeys rhostsauthentication rhostsrsaauthentication "
    "rsaauthentication rsaminsize securitykeyprovider serverkeybits setenv "
    "showpatchlevel skeyauthentication sshdauthpath sshdsessionpath "
    "streamlocalbindmask streamlocalbindunlink strictmodes subsystem "
    "syslogfacility tcpkeepalive trustedusercakeys unusedconnectiontimeout "
    "usedns uselogin usepam useprivilegeseparation verifyreversemapping "
    "versionaddendum x11displayoffset x11forwarding x11maxdisplays "
    "x11uselocalhost xauthlocation ";

struct sshd {
	struct setting *s;
	struct config_file *file;
	size_t line; /* in the main file: that of the Include elsewhere */
	bool match, included;
	int includes;	    /* nested */
	struct buf matched; /* what lists in Match blocks name */
	size_t matched_line;
};

static bool
is_word(struct span s, const char *keyword)
{
	return s.len == strlen(keyword) &&
	       strncasecmp(s.p, keyword, s.len) == 0;
}

static bool
is_keyword(struct span s)
{
	char word[64];

	if (s.len == 0 || s.len > sizeof(word) - 3)
		return false;
	word[0] = ' ';
	for (size_t i = 0; i < s.len; i++)
		word[i + 1] =
		    (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32
							  : s.p[i]);
	word[s.len + 1] = ' ';
	word[s.len + 2] = '\0';
	return strstr(keywords, word) != NULL;
}

/* "Keyword value" or "Keyword=value"; false: nothing stands there. */
static bool
split(struct span line, struct span *keyword, struct span *value)
{
	struct span s = span_trim(line);
	size_t n = 0;

	if (s.len == 0 || s.p[0] == '#')
		return false;
	while (n < s.len && strchr(" \t=\"", s.p[n]) == NULL)
		n++;
	*keyword = (struct span){ s.p, n };
	while (n < s.len && strchr(" \t=", s.p[n]) != NULL)
		n++;
	*value = (struct span){ s.p + n, s.len - n };
	return true;
}

/* The next argument, its quotes taken off; a # of its own ends the line. */
static bool
argument(struct span *rest, struct span *word)
{
	struct span s = span_trim(*rest);
	size_t n = 0;
	char quote;

	if (s.len == 0 || s.p[0] == '#')
		return false;
	quote = s.p[0] == '"' || s.p[0] == '\'' ? s.p[0] : '\0';
	if (quote != '\0') {
		s.p++;
		s.len--;
		while (n < s.len && s.p[n] != quote)
			n++;
	} else {
		while (n < s.len && s.p[n] != ' ' && s.p[n] != '\t')
			n++;
	}
	*word = (struct span){ s.p, n };
	n += quote != '\0' && n < s.len;
	*rest = (struct span){ s.p + n, s.len - n };
	return true;
}

/* "+x,y" and "^x,y" add to the defaults, "-x,y" takes from them; the defaults
 * are the build's, and not known here: what is added is. */
static void
put_list(struct sshd *x, const char *column, struct span value)
{
	char text[4096];
	const char *names = text;

	if (value.len == 0 || value.len >= sizeof(text) ||
	    memchr(value.p, '\0', value.len) != NULL) {
		setting_unread(x->s, column, x->line);
		return;
	}
	memcpy(text, value.p, value.len);
	text[value.len] = '\0';
	if (strchr("+-^", text[0]) != NULL) {
		setting_unread(x->s, column, x->line);
		names = text[0] == '-' ? "" : text + 1;
	}
	if (x->match) {
		buf_printf(&x->matched, "%s,", names);
		x->matched_line = x->line;
	} else if (names[0] != '\0') {
		setting_words(x->s, column, names, ",", x->line);
	}
}

static void
take_list(struct sshd *x, size_t i, struct span keyword, struct span rest)
{
	const char *column = x->match ? lists[i].in_match : lists[i].column;
	struct span value = { NULL, 0 }, more;

	if (column == NULL) {
		config_refused(x->file, x->line,
		    "sshd rejects %.*s in a Match block", (int)keyword.len,
		    keyword.p);
		return;
	}
	(void)argument(&rest, &value);
	if (argument(&rest, &more))
		config_refused(x->file, x->line,
		    "sshd rejects the second argument of %.*s",
		    (int)keyword.len, keyword.p);
	if (json_object_get(x->s->lines, column) != NULL && !x->match)
		return; /* the first one holds */
	if (x->included && !x->match)
		setting_unread(x->s, column, x->line);
	else
		put_list(x, column, value);
}

static int read_text(void *ctx, struct span text, struct fault *f);

static int
follow(struct sshd *x, struct span rest, struct fault *f)
{
	struct span word;
	char pattern[CONFIG_PATH_MAX];

	while (argument(&rest, &word)) {
		int rc = 1;

		if (word.len < sizeof(pattern) && word.len > 0 &&
		    memchr(word.p, '\0', word.len) == NULL) {
			memcpy(pattern, word.p, word.len);
			pattern[word.len] = '\0';
			rc = config_include(
			    x->file, pattern, HOME, read_text, x, f);
		}
		if (rc == -1)
			return -1;
		if (rc == 1 && !x->match) {
			x->included = true;
			setting_line(x->s, "includes", x->line);
		} else if (rc == 1) {
			setting_unread(x->s, "match_public_key", x->line);
		}
	}
	return 0;
}

static int
read_line(
    struct sshd *x, struct span keyword, struct span value, struct fault *f)
{
	struct span all = value, word;

	if (is_word(keyword, "match")) {
		x->match = !argument(&all, &word) || !is_word(word, "all");
		return 0;
	}
	if (is_word(keyword, "include"))
		return follow(x, value, f);
	if (!is_keyword(keyword))
		config_refused(x->file, x->line, "sshd has no keyword '%.*s'",
		    (int)(keyword.len < 60 ? keyword.len : 60), keyword.p);
	for (size_t i = 0; i < NLISTS; i++)
		if (is_word(keyword, lists[i].keyword))
			take_list(x, i, keyword, value);
	return 0;
}

/* A Match block ends with the file it stands in. */
static int
read_text(void *ctx, struct span text, struct fault *f)
{
	struct sshd *x = ctx;
	struct span line, keyword, value;
	bool match = x->match, main = x->includes == 0;
	size_t number = 0;
	int rc = 0;

	if (x->includes == CONFIG_INCLUDE_DEPTH_MAX)
		return fault(f, FAULT_LIMIT,
		    "line %zu: includes nested deeper than %d", x->line,
		    CONFIG_INCLUDE_DEPTH_MAX);
	x->includes++;
	while (rc == 0 && span_line(&text, &line)) {
		number++;
		if (main)
			x->line = number;
		if (split(line, &keyword, &value))
			rc = read_line(x, keyword, value, f);
	}
	x->includes--;
	x->match = match;
	return rc;
}

static int
read_sshd(struct config_file *file, const struct node *root, struct fault *f)
{
	struct setting s;
	struct sshd x = { .s = &s,
		.file = file,
		.matched = { .max = CONFIG_LIST_BYTES_MAX } };
	struct fault why = { 0 };
	int rc = setting_begin(&s, file, 1, f);

	(void)root;
	file->strict = true;
	if (rc == 0 && read_text(&x, file->text, &why) == -1) {
		if (why.kind == FAULT_IO)
			*f = why;
		rc = why.kind == FAULT_IO ? -1 : config_problem_of(file, &why);
	}
	if (rc == 0) {
		if (x.matched.failed != FAULT_NONE)
			setting_unread(&s, "match_public_key", x.matched_line);
		else if (x.matched.len > 0)
			setting_words(&s, "match_public_key", x.matched.p, ",",
			    x.matched_line);
		attrs_bool(&s.a, "includes", x.included);
		rc = setting_emit(&s, &config_sshd_kind, "sshd", 1, f);
	}
	buf_free(&x.matched);
	setting_free(&s);
	return rc;
}

static bool
looks_sshd(struct span text)
{
	struct span line, keyword, value;
	size_t lines = 0, hits = 0;

	while (span_line(&text, &line)) {
		if (!split(line, &keyword, &value))
			continue;
		lines++;
		hits += value.len > 0 && is_keyword(keyword);
	}
	return hits > 0 && 2 * hits > lines;
}

extern const struct config_type config_sshd; /* in config_type.c */

const struct config_type config_sshd = {
	.name = "sshd",
	.includes = true,
	.looks = looks_sshd,
	.read = read_sshd,
};
