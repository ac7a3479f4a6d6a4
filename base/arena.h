/* Memory that is freed all at once: many small strings, one owner. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void); /* NULL: out of memory */
void arena_free(struct arena *a);

/* len zeroed bytes, aligned for any type. NULL: out of memory, and
 * arena_failed() from then on, so a builder checks once at its end. */
void *arena_alloc(struct arena *a, size_t len);
char *arena_str(struct arena *a, const char *s); /* NULL for NULL */
int arena_failed(const struct arena *a);

#endif
