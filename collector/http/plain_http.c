/* Names and bytes of URLs. See http.h. */
#include "collector/http/http.h"

#include <stdlib.h>
#include <string.h>

#include "base/length.h"

/* 127.0.0.0/8 in the dotted form alone: what else parses as an address is
 * not taken for one */
static bool
is_loopback4(const char *host, size_t len)
{
	int dots = 0;

	if (len < 9 || len > 15 || memcmp(host, "127.", 4) != 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (host[i] == '.')
			dots++;
		else if (host[i] < '0' || host[i] > '9')
			return false;
	}
	return dots == 3;
}

static bool
is(const char *host, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(host, name, len) == 0;
}

const char *
http_plain_place(const char *url)
{
	/* instance metadata; ECS; EKS Pod Identity; AWS SDKs and Tools
	 * Reference Guide, "Container credential provider" */
	static const char *const link[] = { "169.254.169.254", "169.254.170.2",
		"169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]" };
	const char *host = url + strlen("http://");
	size_t len = strcspn(host, "/?#"), name;

	if (memchr(host, '@', len) != NULL || memchr(host, '\\', len) != NULL)
		return NULL;
	name = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
	if (name > len)
		return NULL;
	if (name < len &&
	    (host[name] != ':' ||
		strspn(host + name + 1, "0123456789") != len - name - 1))
		return NULL;
	if (is_loopback4(host, name) || is(host, name, "localhost") ||
	    is(host, name, "[::1]"))
		return "loopback";
	for (size_t i = 0; i < LENGTH(link); i++)
		if (is(host, name, link[i]))
			return "link-local";
	return NULL;
}

void
http_encode(struct buf *out, const char *s, size_t len, bool keep_slash)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";

	for (size_t i = 0; i < len; i++)
		if (s[i] != '\0' && (strchr(plain, s[i]) != NULL ||
					(keep_slash && s[i] == '/')))
			buf_putc(out, s[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)s[i]);
}
