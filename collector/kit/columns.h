/*
 * Short names for files that declare kinds, and for no others: a column's type
 * in one letter, and what ends a table of columns.
 */
#ifndef COLLECTOR_KIT_COLUMNS_H
#define COLLECTOR_KIT_COLUMNS_H

#include "base/observation.h"

#define T COLUMN_TEXT
#define I COLUMN_INTEGER
#define B COLUMN_BOOLEAN
#define J COLUMN_JSON
#define END                                                                    \
	{                                                                      \
		0                                                              \
	}

#endif
