/*
 * Which of many items (suites, groups, signature schemes) a server accepts,
 * decided by the answers to hellos. No input or output happens here:
 * sieve_next() says what to offer, sieve_told() takes what was answered.
 *
 * "Refused" is concluded only of an item that
 *   - was offered without any accepted item beside it, and refused, in two
 *     hellos that share no second item (rows and columns of a grid), so that
 *     one item that the server chooses and cannot finish hides no other;
 *   - was offered in a hello of a shape that this server is known to accept:
 *     the same hello with an accepted item behind it was answered;
 *   - and where that accepted item alone was still answered at the end, after
 *     the first refusal of each hello that looks for more, which is then sent
 *     again, and after every SIEVE_BEAT refusals: what limits its rate refuses
 *     now and then, whatever is offered.
 * A hello that is refused in spite of an accepted item in it is halved down to
 * single items. The likeliest items are offered alone in any case. Where this
 * or the grid finds more than the first pass every item is offered alone; where
 * refusals differ in kind those are that stood in none that was refused as
 * usual, and what differs alone is asked in every shape. Of a version in which
 * nothing is accepted, families (items that a server can finish or not
 * together) are offered instead of the grid, and alone the items of those whose
 * refusal differs. What is not decided within SIEVE_HELLOS_MAX stays unknown.
 */
#ifndef COLLECTOR_ENDPOINT_TLS_SIEVE_H
#define COLLECTOR_ENDPOINT_TLS_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIEVE_ITEMS_MAX 400   /* suites there are, and room */
#define SIEVE_HELLOS_MAX 1200 /* of one question */
#define SIEVE_ODDITIES_MAX 24 /* answers that choose what was not offered */
#define SIEVE_REFUSALS_MAX 8  /* kinds of refusal that are told apart */
#define SIEVE_SHAPES_MAX 16
#define SIEVE_BEAT 12	 /* refusals until the control is asked again */
#define SIEVE_ROW_MAX 16 /* items of one row */
#define SIEVE_SUSPECTS_MAX 24
#define SIEVE_NO_FAMILY 255 /* not in the grid */

enum sieve_fate {
	FATE_OPEN, /* not accepted so far; refused when the sieve ends */
	FATE_ACCEPTED,
	FATE_ODD /* refused otherwise than the rest: unknown */
};

struct sieve_item {
	uint16_t id;
	uint8_t family;	     /* what a server can finish or not together */
	uint8_t row, column; /* of the grid */
	bool bound; /* needs what no stranger has: a refusal of its own kind
		     * shows nothing */
	uint8_t fate;
	uint8_t shape; /* in which it was accepted */
	bool suspect;  /* refused otherwise than the rest */
	/* 1 + kind of the refusal of its family, row and column; 0: not
	 * asked */
	uint8_t kinds[3];
};

/* How a hello is refused; numbers below 256 are alerts (RFC 8446 6). */
enum sieve_refusal {
	REFUSAL_VERSION = 70, /* alert protocol_version */
	REFUSAL_CLOSED = 256, /* closed or reset */
	REFUSAL_SILENT,
	REFUSAL_BROKEN,	       /* no TLS in the answer */
	REFUSAL_UNOFFERED,     /* chose what was not offered */
	REFUSAL_OTHER_VERSION, /* answered in another version */
	REFUSAL_ACCEPTED, /* did what it does anyway, whatever is offered */
};

/* What a shape is good for. */
enum sieve_shape_use {
	SHAPE_NO = 0,
	SHAPE_FIRST = 1,  /* refusals of a version are checked in part: the
			   * items that fit into one hello */
	SHAPE_WHOLE = 2,  /* ... with all items */
	SHAPE_VARIES = 4, /* it may show what others hide: all items */
};

struct sieve_shape {
	uint8_t use;  /* bits of enum sieve_shape_use */
	uint16_t max; /* items in one hello */
};

struct sieve_hello {
	uint16_t ids[SIEVE_ITEMS_MAX];
	size_t n;
	size_t shape;
	bool elsewhere; /* the control of another question: in the version
			 * that is known to be accepted, what is accepted in it
			 */
};

enum sieve_stage {
	SIEVE_FIND,
	SIEVE_CHECK,
	SIEVE_SHAPES,
	SIEVE_REFUSED, /* nothing was found: the other shapes */
	SIEVE_FAMILIES,
	SIEVE_ROWS,
	SIEVE_COLUMNS,
	SIEVE_SINGLES,
	SIEVE_SUSPECTS, /* alone, in the other shapes */
	SIEVE_END,	/* the control once more */
	SIEVE_DONE
};

struct sieve {
	struct sieve_item items[SIEVE_ITEMS_MAX];
	size_t n;
	struct sieve_shape shapes[SIEVE_SHAPES_MAX];
	size_t nshapes;
	size_t home; /* the shape that works */
	bool found;
	uint16_t control; /* accepted, in the home shape */
	bool control_all; /* all that is accepted is the control: where items
			   * depend on each other (curves of certificates) */
	bool elsewhere;	  /* another question has a control, in home */

	enum sieve_stage stage;
	size_t at;	 /* chunk, row, column or item */
	size_t shape;	 /* at hand, in SIEVE_SHAPES and SIEVE_REFUSED */
	bool controlled; /* that shape's control was asked */
	bool counts;	 /* ... and answered */
	size_t grid[2], ngrid, grid_at; /* shapes the grid is asked in */
	bool columns;			/* are asked in any case */
	size_t likely; /* so many of the first items are offered alone in any
			* case: what servers speak most is hidden by nothing */
	bool with;     /* the control is offered too */
	bool halving;
	struct sieve_span {
		size_t from, to;
	} spans[32];
	size_t nspans;
	uint16_t list[SIEVE_ITEMS_MAX];	 /* that is halved: indices */
	uint16_t group[SIEVE_ITEMS_MAX]; /* offered: indices */
	size_t nlist, ngroup;
	/* kinds of refusal in home, and how many families, rows and columns
	 * were refused so */
	uint16_t refusals[SIEVE_REFUSALS_MAX + 1];
	size_t counts_of[SIEVE_REFUSALS_MAX + 1], nrefusals;
	uint32_t answered, silent; /* bits: shapes whose control was, was not
				    * answered before; see sieve_begin() */
	bool due;		   /* the control comes next */
	bool again;		   /* this refused hello is sent again */
	bool unsteady;		   /* ... and was accepted then */
	size_t beat;		   /* refusals since the control was answered */
	bool surprise;		   /* something is hidden by something */
	size_t asked, oddities;
	bool version_refused; /* every refusal was REFUSAL_VERSION */
	const char *why;  /* constant text: given up, what is open is unknown */
	uint32_t checked; /* bits: shapes in which all was offered */
};

/* items are set by sieve_add() afterwards, likely ones first. */
void sieve_init(struct sieve *s);
void sieve_add(struct sieve *s, uint16_t id, uint8_t family, bool bound);

/* The next hello; false: decided, or given up (why). */
bool sieve_next(struct sieve *s, struct sieve_hello *out);

/* The server chose id. true: the sieve takes it as newly accepted. */
bool sieve_chose(struct sieve *s, uint16_t id);
void sieve_refused(struct sieve *s, unsigned how);

#endif
