/* What the test servers share: a port of this machine's loopback. */
#ifndef TESTS_LOOPBACK_H
#define TESTS_LOOPBACK_H

/* A listening TCP socket on 127.0.0.1 at a free port, which the caller closes;
 * -1 with errno. */
int loopback_listen(int backlog, unsigned *port);

/* Put the port into folder/name, whole or not at all. -1 with errno. */
int loopback_tell(const char *folder, const char *name, unsigned port);

#endif
