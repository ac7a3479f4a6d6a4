/* Every call there is, by area. */
#include "calls.h"

const struct aws_call *const *const aws_calls[] = {
	NULL,
};
