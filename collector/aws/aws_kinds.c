/* Every kind of the collector: see aws_kinds.h. */
#include "collector/aws/aws_kinds.h"
#include "collector/aws/kinds_data.h"

const struct kind *const aws_kinds[] = { AWS_KINDS, AWS_DATA_KINDS, NULL };
