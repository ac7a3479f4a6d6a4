/* Unified kernel images, of which one section is wanted. */
#ifndef COLLECTOR_NODE_PE_H
#define COLLECTOR_NODE_PE_H

#include "base/buf.h"
#include "base/fault.h"

/*
 * Append the section .cmdline of the UEFI image fd is open on, up to its first
 * NUL; nothing of the rest is read but headers. An image without the section
 * appends nothing: its command line comes from elsewhere, which is
 * FAULT_FORMAT here, as is what is no image, and one with profiles: which of
 * their command lines is taken is chosen at boot. Source: PE Format of
 * Microsoft, systemd-stub(7).
 */
MUST_USE int pe_cmdline(int fd, struct buf *out, struct fault *f);

#endif
