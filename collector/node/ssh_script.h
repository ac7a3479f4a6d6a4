/* The lines between which the frames of a remote host stand. */
#ifndef COLLECTOR_NODE_SSH_SCRIPT_H
#define COLLECTOR_NODE_SSH_SCRIPT_H

#include "collector/node/ssh.h"

#define SSH_BEGIN "exhibit-node-1 begin 6f1d0c52"
#define SSH_END "exhibit-node-1 end 6f1d0c52"

#define SSH_STRING_(x) #x
#define SSH_STRING(x) SSH_STRING_(x)

#endif
