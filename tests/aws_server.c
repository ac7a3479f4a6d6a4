/*
 * A stand-in for AWS on loopback: checks the signature of every request with
 * code of its own, and answers from the files of a folder.
 *
 *   aws_server DIR LOG [CERT KEY]     prints its port; TLS with CERT and KEY
 *
 * A request's name: "ec2.DescribeInstances" (Action, or X-Amz-Target), for
 * REST "eks.GET,clusters,prod" and of S3 "s3.GET,bucket?encryption". With a
 * page token: "…@TOKEN". The file that answers is, first found first:
 *   NAME~N        for the Nth request of that name
 *   NAME#TEXT     when TEXT stands in the request's body or query
 *   NAME
 * It is a whole HTTP response; Content-Length and Date are added. Lines before
 * it that begin with ! change how it is sent:
 *   !truncate     the connection ends in the middle of the body
 *   !repeat N     what stands between lines "{{" and "}}" comes N times, with
 *                 %d its number
 *   !run COMMAND  what the shell command prints is the response; it runs in
 *                 DIR and reads the request's body
 *   !date N       the Date is N seconds from now
 * {now+N} in the body becomes the time in N seconds, as AWS writes it.
 * What is not signed as it must be gets AWS's refusal, and a line in LOG.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>

#include "base/length.h"
#include "tests/loopback.h"

#define REQUEST_MAX (1024 * 1024)
#define HEADERS_MAX 64
#define NAMES_MAX 4096
#define SKEW_S 300

static const struct {
	const char *id, *secret, *token; /* token "": none may be sent */
} keys[] = {
	{ "AKIAEXHIBITTEST00001", "secret/of+the/first+key", "" },
	{ "ASIAEXHIBITTESTROLE1", "secret/of+the/role", "token/of+the/role==" },
};

static const char *folder;
static FILE *log_file;
static SSL_CTX *tls;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	char name[512];
	int n;
} asked[NAMES_MAX];

struct request {
	char *text; /* head and body, as they came */
	size_t len, body;
	char method[16], path[4096], query[8192];
	char *name[HEADERS_MAX], *value[HEADERS_MAX];
	size_t n;
	char service[64], region[64], key[64];
};

struct connection {
	int fd;
	SSL *ssl;
};

static ssize_t
get(struct connection *l, void *p, size_t n)
{
	return l->ssl != NULL ? SSL_read(l->ssl, p, (int)n) : read(l->fd, p, n);
}

static bool
put(struct connection *l, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = l->ssl != NULL ? SSL_write(l->ssl, p, (int)n)
					   : write(l->fd, p, n);

		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

/* ---- reading ---- */

static const char *
header(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcasecmp(r->name[i], name) == 0)
			return r->value[i];
	return NULL;
}

static bool
parse(struct request *r)
{
	char *line = r->text, *next, *target, *version;
	const char *query;

	r->n = 0;
	for (bool first = true; (next = strstr(line, "\r\n")) != NULL;
	     line = next + 2, first = false) {
		char *colon;

		*next = '\0';
		if (line[0] == '\0')
			break;
		if (first) {
			target = strchr(line, ' ');
			version = target != NULL ? strrchr(line, ' ') : NULL;
			if (target == NULL || version == target)
				return false;
			*version = '\0';
			(void)snprintf(r->method, sizeof(r->method), "%.*s",
			    (int)(target - line), line);
			target++;
			query = strchr(target, '?');
			(void)snprintf(r->path, sizeof(r->path), "%.*s",
			    (int)strcspn(target, "?"), target);
			(void)snprintf(r->query, sizeof(r->query), "%s",
			    query != NULL ? query + 1 : "");
			continue;
		}
		colon = strchr(line, ':');
		if (colon == NULL || r->n == HEADERS_MAX)
			return false;
		*colon = '\0';
		r->name[r->n] = line;
		r->value[r->n++] = colon + 1 + strspn(colon + 1, " ");
	}
	return true;
}

/* One request; false at the connection's end. */
static bool
receive(struct connection *l, struct request *r)
{
	char *end = NULL, *length;
	size_t want = 0;

	r->len = 0;
	while (end == NULL || r->len < r->body + want) {
		ssize_t n = get(l, r->text + r->len, REQUEST_MAX - r->len);

		if (n <= 0)
			return false;
		r->len += (size_t)n;
		r->text[r->len] = '\0';
		if (end == NULL &&
		    (end = strstr(r->text, "\r\n\r\n")) != NULL) {
			r->body = (size_t)(end - r->text) + 4;
			length = strcasestr(r->text, "\r\ncontent-length:");
			if (length != NULL && length < end)
				want = strtoul(length + 17, NULL, 10);
		}
		if (r->len == REQUEST_MAX)
			return false;
	}
	return parse(r);
}

/* ---- the signature, by the guide, again ---- */

static void
hex(const unsigned char *p, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		(void)sprintf(out + 2 * i, "%02x", p[i]);
}

static void
sha256(const char *p, size_t n, char out[65])
{
	unsigned char md[32];

	(void)EVP_Digest(p, n, md, NULL, EVP_sha256(), NULL);
	hex(md, sizeof(md), out);
}

static void
mac(unsigned char key[64], unsigned *key_len, const char *text)
{
	unsigned char out[32];

	(void)HMAC(EVP_sha256(), key, (int)*key_len,
	    (const unsigned char *)text, strlen(text), out, NULL);
	memcpy(key, out, 32);
	*key_len = 32;
}

static int
order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Parameters arrive encoded as they must be signed: only their order is
 * made here. A name without '=' gets one. */
static void
canonical_query(const char *query, char *out)
{
	char *copy = strdup(query), *part[512], *state = NULL;
	size_t n = 0;

	out[0] = '\0';
	for (char *p = strtok_r(copy, "&", &state); p != NULL && n < 512;
	     p = strtok_r(NULL, "&", &state))
		part[n++] = p;
	qsort(part, n, sizeof(part[0]), order);
	for (size_t i = 0; i < n; i++)
		(void)sprintf(out + strlen(out), "%s%s%s", i > 0 ? "&" : "",
		    part[i], strchr(part[i], '=') == NULL ? "=" : "");
	free(copy);
}

static void
canonical_path(const struct request *r, char *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";

	for (const char *p = r->path; *p != '\0'; p++)
		if (strcmp(r->service, "s3") == 0 || strchr(plain, *p) != NULL)
			*out++ = *p;
		else
			out += sprintf(out, "%%%02X", (unsigned char)*p);
	*out = '\0';
}

/* "AccessDenied"-like code of what is wrong, or NULL. */
static const char *
signature_wrong(struct request *r)
{
	static const char scheme[] = "AWS4-HMAC-SHA256 Credential=";
	const char *auth = header(r, "authorization"),
		   *date = header(r, "x-amz-date"),
		   *token = header(r, "x-amz-security-token"),
		   *sent = header(r, "x-amz-content-sha256");
	char id[64], day[16], names[1024], given[128], *canonical, *query,
	    *path, hash[65], text[1024], want[65], *state = NULL;
	unsigned char key[64];
	unsigned key_len;
	size_t k;
	struct tm tm = { 0 };

	if (auth == NULL || strncmp(auth, scheme, sizeof(scheme) - 1) != 0 ||
	    date == NULL)
		return "MissingAuthenticationToken";
	if (sscanf(auth + sizeof(scheme) - 1,
		"%63[^/]/%15[^/]/%63[^/]/%63[^/]/aws4_request, "
		"SignedHeaders=%1023[^,], Signature=%127s",
		id, day, r->region, r->service, names, given) != 6)
		return "IncompleteSignature";
	(void)snprintf(r->key, sizeof(r->key), "%s", id);
	for (k = 0; k < LENGTH(keys); k++)
		if (strcmp(keys[k].id, id) == 0)
			break;
	if (k == LENGTH(keys))
		return "InvalidClientTokenId";
	if (strcmp(token != NULL ? token : "", keys[k].token) != 0)
		return "InvalidClientTokenId";
	if (strncmp(day, date, 8) != 0 ||
	    strptime(date, "%Y%m%dT%H%M%SZ", &tm) == NULL ||
	    llabs((long long)timegm(&tm) - (long long)time(NULL)) > SKEW_S)
		return "RequestTimeTooSkewed";
	if (strstr(names, "host") == NULL ||
	    strstr(names, "x-amz-date") == NULL ||
	    (token != NULL && strstr(names, "x-amz-security-token") == NULL))
		return "SignatureDoesNotMatch";
	sha256(r->text + r->body, r->len - r->body, hash);
	if (strcmp(r->service, "s3") == 0 &&
	    (sent == NULL || strcmp(sent, hash) != 0))
		return "XAmzContentSHA256Mismatch";

	canonical = malloc(REQUEST_MAX);
	query = malloc(sizeof(r->query) + 1024);
	path = malloc(3 * sizeof(r->path));
	canonical_query(r->query, query);
	canonical_path(r, path);
	(void)sprintf(canonical, "%s\n%s\n%s\n", r->method, path, query);
	(void)snprintf(text, sizeof(text), "%s", names);
	for (char *p = strtok_r(text, ";", &state); p != NULL;
	     p = strtok_r(NULL, ";", &state))
		(void)sprintf(canonical + strlen(canonical), "%s:%s\n", p,
		    header(r, p) != NULL ? header(r, p) : "");
	(void)sprintf(canonical + strlen(canonical), "\n%s\n%s", names, hash);
	sha256(canonical, strlen(canonical), hash);
	(void)snprintf(text, sizeof(text),
	    "AWS4-HMAC-SHA256\n%s\n%s/%s/%s/aws4_request\n%s", date, day,
	    r->region, r->service, hash);
	key_len = (unsigned)snprintf(
	    (char *)key, sizeof(key), "AWS4%s", keys[k].secret);
	mac(key, &key_len, day);
	mac(key, &key_len, r->region);
	mac(key, &key_len, r->service);
	mac(key, &key_len, "aws4_request");
	mac(key, &key_len, text);
	hex(key, 32, want);
	free(canonical);
	free(query);
	free(path);
	return strcmp(want, given) == 0 ? NULL : "SignatureDoesNotMatch";
}

/* ---- what was asked ---- */

static bool
parameter(const char *form, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);

	for (const char *p = form; p != NULL; p = strchr(p, '&')) {
		p += *p == '&';
		if (strncmp(p, name, len) == 0 && p[len] == '=') {
			(void)snprintf(out, size, "%.*s",
			    (int)strcspn(p + len + 1, "&"), p + len + 1);
			return true;
		}
	}
	return false;
}

static bool
json_member(const char *body, const char *name, char *out, size_t size)
{
	char want[64];
	const char *p;

	(void)snprintf(want, sizeof(want), "\"%s\":\"", name);
	if ((p = strstr(body, want)) == NULL)
		return false;
	p += strlen(want);
	(void)snprintf(out, size, "%.*s", (int)strcspn(p, "\""), p);
	return true;
}

static void
name_of(const struct request *r, char *out, size_t size)
{
	static const char *const tokens[] = { "NextToken", "nextToken",
		"Marker", "marker", "continuation-token", "NextMarker",
		"ExclusiveStartTableName" };
	const char *target = header(r, "x-amz-target");
	const char *body = r->text + r->body;
	char action[128], token[256] = "";
	size_t at;

	if (target != NULL)
		(void)snprintf(
		    out, size, "%s.%s", r->service, strrchr(target, '.') + 1);
	else if (parameter(body, "Action", action, sizeof(action)))
		(void)snprintf(out, size, "%s.%s", r->service, action);
	else
		(void)snprintf(
		    out, size, "%s.%s%.800s", r->service, r->method, r->path);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '/')
			*p = ',';
	if (strcmp(r->service, "s3") == 0 &&
	    strcspn(r->query, "=&") == strlen(r->query) && r->query[0] != '\0')
		(void)snprintf(
		    out + strlen(out), size - strlen(out), "?%.100s", r->query);
	for (size_t i = 0; token[0] == '\0' && i < LENGTH(tokens); i++)
		if (!parameter(body, tokens[i], token, sizeof(token)) &&
		    !parameter(r->query, tokens[i], token, sizeof(token)))
			(void)json_member(
			    body, tokens[i], token, sizeof(token));
	at = strlen(out);
	if (token[0] != '\0')
		(void)snprintf(out + at, size - at, "@%s", token);
}

static int
count(const char *name)
{
	int n = 0;

	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; i < NAMES_MAX; i++) {
		if (asked[i].n == 0)
			(void)snprintf(asked[i].name, sizeof(asked[i].name),
			    "%.500s", name);
		if (strcmp(asked[i].name, name) == 0) {
			n = ++asked[i].n;
			break;
		}
	}
	(void)pthread_mutex_unlock(&lock);
	return n;
}

/* ---- answers ---- */

static char *
slurp(const char *name)
{
	char path[2048];
	char *text = NULL;
	size_t len = 0, cap = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if ((f = fopen(path, "re")) == NULL)
		return NULL;
	for (size_t n = 1; n > 0; len += n) {
		if (cap < len + 65536)
			text = realloc(text, (cap = 2 * cap + 131072));
		n = fread(text + len, 1, 65536, f);
	}
	text[len] = '\0';
	(void)fclose(f);
	return text;
}

static char *
by_text(const struct request *r, const char *name)
{
	size_t len = strlen(name);
	DIR *d = opendir(folder);
	struct dirent *e;
	char *found = NULL;

	while (d != NULL && found == NULL && (e = readdir(d)) != NULL)
		if (strncmp(e->d_name, name, len) == 0 &&
		    e->d_name[len] == '#' &&
		    (strstr(r->text + r->body, e->d_name + len + 1) != NULL ||
			strstr(r->query, e->d_name + len + 1) != NULL))
			found = slurp(e->d_name);
	if (d != NULL)
		(void)closedir(d);
	return found;
}

static char *
read_all(FILE *f)
{
	size_t len = 0, cap = 65536;
	char *text = malloc(cap + 1);

	for (size_t n = 1; n > 0; len += n) {
		if (cap - len < 4096)
			text = realloc(text, (cap *= 2) + 1);
		n = fread(text + len, 1, cap - len, f);
	}
	text[len] = '\0';
	return text;
}

static char *
run(const struct request *r, const char *command)
{
	char body[] = "/tmp/aws_server.XXXXXX", line[4096];
	int fd = mkstemp(body);
	char *text = NULL;
	FILE *f;

	if (fd == -1 || write(fd, r->text + r->body, r->len - r->body) < 0)
		return NULL;
	(void)close(fd);
	(void)snprintf(line, sizeof(line), "cd '%s' && %.*s <%s", folder,
	    (int)strcspn(command, "\n"), command, body);
	if ((f = popen(line, "re")) != NULL) {
		text = read_all(f);
		(void)pclose(f);
	}
	(void)unlink(body);
	return text;
}

static char *
answer_for(const struct request *r, const char *name)
{
	char once[640];
	char *text;

	(void)snprintf(once, sizeof(once), "%.600s~%d", name, count(name));
	if ((text = slurp(once)) == NULL && (text = by_text(r, name)) == NULL)
		text = slurp(name);
	if (text != NULL && strncmp(text, "!run ", 5) == 0) {
		char *printed = run(r, text + 5);

		free(text);
		text = printed;
	}
	return text;
}

/* Append with a copy of the part between "{{" and "}}" for each number. */
static char *
repeated(const char *body, long times, size_t *len)
{
	const char *from = strstr(body, "{{\n"), *to = strstr(body, "}}\n");
	size_t size, part;
	char *out, *p;

	*len = strlen(body);
	if (from == NULL || to == NULL)
		return strdup(body);
	part = (size_t)(to - from) + 32;
	size = *len + part * (size_t)times + 1;
	p = out = malloc(size);
	p = mempcpy(p, body, (size_t)(from - body));
	from += 3;
	for (long i = 0; i < times; i++)
		for (const char *q = from; q < to;) {
			const char *mark = memmem(q, (size_t)(to - q), "%d", 2);
			size_t n = (size_t)((mark != NULL ? mark : to) - q);

			p = mempcpy(p, q, n);
			q += n;
			if (mark != NULL) {
				p += sprintf(p, "%ld", i);
				q += 2;
			}
		}
	(void)strcpy(p, to + 3);
	*len = strlen(out);
	return out;
}

/* "{now+3600}", once, in place: what it becomes is longer. */
static char *
timed(char *body)
{
	char *at = strstr(body, "{now+"), *end, *out, text[64];
	time_t t;
	struct tm tm;

	if (at == NULL || (end = strchr(at, '}')) == NULL)
		return body;
	t = time(NULL) + strtol(at + 5, NULL, 10);
	(void)strftime(
	    text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	out = malloc(strlen(body) + sizeof(text));
	(void)sprintf(out, "%.*s%s%s", (int)(at - body), body, text, end + 1);
	free(body);
	return out;
}

static bool
send_answer(struct connection *l, const char *text)
{
	bool truncate = false, good;
	long times = 0, off = 0;
	const char *head = text, *body;
	char date[64], *whole, *top;
	size_t len;
	time_t now = time(NULL);
	struct tm tm;

	for (; head[0] == '!'; head = strchr(head, '\n') + 1) {
		truncate |= strncmp(head, "!truncate", 9) == 0;
		if (strncmp(head, "!repeat ", 8) == 0)
			times = strtol(head + 8, NULL, 10);
		if (strncmp(head, "!date ", 6) == 0)
			off = strtol(head + 6, NULL, 10);
	}
	now += off;
	body = strstr(head, "\n\n");
	body = body != NULL ? body + 2 : head + strlen(head);
	whole = timed(repeated(body, times, &len));
	len = strlen(whole);
	top = calloc(1, (size_t)(body - head) + 512);
	(void)strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT",
	    gmtime_r(&now, &tm));
	for (const char *p = head; p < body && *p != '\n';
	     p = strchr(p, '\n') + 1)
		(void)sprintf(
		    top + strlen(top), "%.*s\r\n", (int)strcspn(p, "\n"), p);
	if (strcasestr(top, "\r\ndate:") == NULL)
		(void)sprintf(top + strlen(top), "Date: %s\r\n", date);
	(void)sprintf(top + strlen(top), "Content-Length: %zu\r\n\r\n", len);
	good = put(l, top, strlen(top)) &&
	       put(l, whole, truncate ? len / 2 : len) && !truncate;
	free(top);
	free(whole);
	return good;
}

static bool
refuse(struct connection *l, int status, const char *code)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
	    "HTTP/1.1 %d Refused\nContent-Type: text/xml\n"
	    "x-amzn-errortype: %s\n\n"
	    "<ErrorResponse><Error><Code>%s</Code><Message>refused by the "
	    "test server</Message></Error></ErrorResponse>",
	    status, code, code);
	return send_answer(l, text);
}

/* These are asked without a signature. */
static bool
is_open(struct request *r)
{
	char action[64];

	if (header(r, "authorization") != NULL &&
	    strncmp(header(r, "authorization"), "AWS4", 4) == 0)
		return false;
	if (parameter(r->text + r->body, "Action", action, sizeof(action)) &&
	    strcmp(action, "AssumeRoleWithWebIdentity") == 0) {
		(void)strcpy(r->service, "sts");
		return true;
	}
	if (strncmp(r->path, "/federation/", 12) == 0 &&
	    header(r, "x-amz-sso_bearer_token") != NULL) {
		(void)strcpy(r->service, "sso");
		return strcmp(header(r, "x-amz-sso_bearer_token"),
			   "token-of-sso") == 0;
	}
	if (strncmp(r->path, "/latest/", 8) == 0) {
		(void)strcpy(r->service, "imds");
		return strcmp(r->method, "PUT") == 0 ||
		       (header(r, "x-aws-ec2-metadata-token") != NULL &&
			   strcmp(header(r, "x-aws-ec2-metadata-token"),
			       "token-of-imds") == 0);
	}
	if (strncmp(r->path, "/container/", 11) == 0) {
		(void)strcpy(r->service, "container");
		return header(r, "authorization") != NULL &&
		       strcmp(header(r, "authorization"), "token-of-the-pod") ==
			   0;
	}
	return false;
}

static bool
serve_one(struct connection *l, struct request *r)
{
	const char *wrong = NULL;
	char name[1024];
	char *text;
	bool good, open = is_open(r);

	if (!open)
		wrong = signature_wrong(r);
	name_of(r, name, sizeof(name));
	(void)pthread_mutex_lock(&lock);
	(void)fprintf(log_file, "%s %s %s %s\n", name, r->region, r->key,
	    wrong != NULL ? wrong
	    : open	  ? "open"
			  : "signed");
	(void)fflush(log_file);
	(void)pthread_mutex_unlock(&lock);
	if (wrong != NULL)
		return refuse(l, 403, wrong);
	if ((text = answer_for(r, name)) == NULL)
		return refuse(l, 400, "NoSuchFixture");
	good = send_answer(l, text);
	free(text);
	return good;
}

static void *
serve(void *arg)
{
	struct connection l = { .fd = (int)(long)arg };
	struct request *r = calloc(1, sizeof(*r));

	r->text = malloc(REQUEST_MAX + 1);
	if (tls != NULL) {
		l.ssl = SSL_new(tls);
		(void)SSL_set_fd(l.ssl, l.fd);
	}
	if (l.ssl == NULL || SSL_accept(l.ssl) == 1)
		while (receive(&l, r)) {
			r->service[0] = r->region[0] = r->key[0] = '\0';
			if (!serve_one(&l, r))
				break;
		}
	SSL_free(l.ssl);
	(void)close(l.fd);
	free(r->text);
	free(r);
	return NULL;
}

int
main(int argc, char **argv)
{
	unsigned port;
	int fd;

	if (argc != 3 && argc != 5) {
		(void)fprintf(stderr, "usage: aws_server DIR LOG [CERT KEY]\n");
		return 2;
	}
	folder = argv[1];
	(void)signal(SIGPIPE, SIG_IGN);
	if ((log_file = fopen(argv[2], "ae")) == NULL)
		return 2;
	if (argc == 5) {
		tls = SSL_CTX_new(TLS_server_method());
		if (SSL_CTX_use_certificate_chain_file(tls, argv[3]) != 1 ||
		    SSL_CTX_use_PrivateKey_file(
			tls, argv[4], SSL_FILETYPE_PEM) != 1)
			return 2;
	}
	if ((fd = loopback_listen(128, &port)) == -1)
		return 2;
	printf("%u\n", port);
	(void)fflush(stdout);
	for (;;) {
		pthread_t t;
		int c = accept(fd, NULL, NULL);

		if (c == -1)
			continue;
		if (pthread_create(&t, NULL, serve, (void *)(long)c) == 0)
			(void)pthread_detach(t);
		else
			(void)close(c);
	}
}
