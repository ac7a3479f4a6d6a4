/* Any bytes as TOML, HCL with its names, and lines: the first byte chooses. */
#include <stddef.h>
#include <stdint.h>

#include "collector/kit/tree_hcl.h"
#include "collector/kit/tree_lines.h"
#include "collector/kit/tree_toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_lines(struct documents *d, const char *p, size_t len, bool angles,
    struct fault *f)
{
	const struct line_syntax syntax = { .comments = "#;",
		.trailing = true,
		.between = "= \t",
		.sections = !angles,
		.angles = angles,
		.continues = true,
		.fold = true,
		.unquote = true };

	may_fail(tree_lines(d, p, len, &syntax, f));
}

/* A text may name itself. */
static void
read_hcl(struct documents *d, const char *p, size_t len, struct fault *f)
{
	const struct node *names[1];

	if (tree_hcl(d, p, len, f) == -1)
		return;
	names[0] = d->root[0];
	may_fail(tree_hcl_resolve(d, names, 1, names, 1, f));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct documents d = { 0 };
	struct fault f = { 0 };
	const char *text = (const char *)data + 1;

	if (size == 0)
		return 0;
	if (data[0] == 't')
		may_fail(tree_toml(&d, text, size - 1, &f));
	else if (data[0] == 'h')
		read_hcl(&d, text, size - 1, &f);
	else
		read_lines(&d, text, size - 1, data[0] == 'a', &f);
	tree_free(&d);
	return 0;
}
