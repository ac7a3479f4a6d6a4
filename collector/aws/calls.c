/* Every call there is, by area. */
#include "calls.h"

const struct aws_call *const *const aws_calls[] = {
	aws_calls_data,
	aws_calls_edge,
	NULL,
};
