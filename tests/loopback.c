/* See loopback.h. */
#include "tests/loopback.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int
loopback_listen(int backlog, unsigned *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	if (bind(fd, (struct sockaddr *)&a, len) == -1 ||
	    listen(fd, backlog) == -1 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) == -1) {
		(void)close(fd);
		return -1;
	}
	*port = ntohs(a.sin_port);
	return fd;
}

int
loopback_tell(const char *folder, const char *name, unsigned port)
{
	char part[4096], whole[4096];
	FILE *f;

	(void)snprintf(part, sizeof(part), "%s/%s.new", folder, name);
	(void)snprintf(whole, sizeof(whole), "%s/%s", folder, name);
	if ((f = fopen(part, "w")) == NULL)
		return -1;
	if (fprintf(f, "%u\n", port) < 0) {
		(void)fclose(f);
		return -1;
	}
	return fclose(f) == 0 && rename(part, whole) == 0 ? 0 : -1;
}
