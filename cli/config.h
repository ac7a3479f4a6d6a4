/*
 * exhibit.yaml: options that stand for every command line of a folder.
 * A mapping of option names to values; a list for an option that may be
 * repeated; a mapping under a command's name for that command alone. What the
 * command line says wins.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/arena.h"
#include "cli/cli.h"

#define DEFAULT_CONFIG "exhibit.yaml"
#define CONFIG_MAX (256 * 1024)
#define CONFIG_NODES_MAX 4096

/*
 * Add the options of path that the tables in allowed know and o has not been
 * given. known: every option of every command, so that a misspelt one is told
 * (FAULT_USAGE, with its line). Strings live in arena.
 */
MUST_USE int config_load(const char *path, const char *command,
    struct options *o, const struct option_def *const *allowed,
    bool (*known)(const char *name), struct arena *arena, struct fault *f);

#endif
