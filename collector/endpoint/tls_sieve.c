/* See tls_sieve.h. */
#include "collector/endpoint/tls_sieve.h"

#include <string.h>

#include "base/length.h"

enum { BY_FAMILY, BY_ROW, BY_COLUMN };

void
sieve_init(struct sieve *s)
{
	memset(s, 0, sizeof(*s));
	s->version_refused = true;
}

/* A row holds one family only: the last one of it that has room, or a new one
 * behind all. */
void
sieve_add(struct sieve *s, uint16_t id, uint8_t family, bool bound)
{
	struct sieve_item item = { .id = id, .family = family, .bound = bound };
	uint8_t next = 0, last = 0;
	bool any = false;

	if (s->n == SIEVE_ITEMS_MAX)
		return;
	for (size_t i = 0; i < s->n && family != SIEVE_NO_FAMILY; i++) {
		const struct sieve_item *it = &s->items[i];

		next = it->row >= next ? (uint8_t)(it->row + 1) : next;
		if (it->family == family && (!any || it->row >= last)) {
			item.column = it->row == last && any
					  ? (uint8_t)(item.column + 1)
					  : 1;
			last = it->row;
			any = true;
		}
	}
	item.row = any && item.column < SIEVE_ROW_MAX ? last : next;
	if (item.row != last || !any)
		item.column = 0;
	s->items[s->n++] = item;
}

/* No answer that says anything: what is open is unknown. */
static void
sieve_give_up(struct sieve *s, const char *why)
{
	if (s->why == NULL)
		s->why = why;
	s->stage = SIEVE_DONE;
}

/* ---- what is offered ---- */

static void
group_add(struct sieve *s, size_t i)
{
	bool shapes = s->stage == SIEVE_SHAPES || s->stage == SIEVE_REFUSED;

	if (s->items[i].fate == FATE_OPEN &&
	    !(shapes && s->items[i].family == SIEVE_NO_FAMILY))
		s->group[s->ngroup++] = (uint16_t)i;
}

/* Chunk number at of all items, as many as fit into a hello of the shape. */
static bool
group_chunk(struct sieve *s, size_t shape)
{
	size_t max = s->shapes[shape].max, from = s->at * max;

	s->ngroup = 0;
	for (size_t i = from; i < from + max && i < s->n; i++)
		group_add(s, i);
	return from < s->n;
}

/* The kind of refusal that most lines had, as in sieve_item.kinds. */
static uint8_t
usual_kind(const struct sieve *s)
{
	size_t most = 0;

	for (size_t i = 1; i < s->nrefusals; i++)
		if (s->counts_of[i] > s->counts_of[most])
			most = i;
	return (uint8_t)(most + 1);
}

static uint8_t
line_of(const struct sieve_item *item, int by)
{
	return by == BY_FAMILY ? item->family
	       : by == BY_ROW  ? item->row
			       : item->column;
}

/* The open items of a line, those from skip on, at most max. Returns how many
 * items it has; *last: the last line there is. */
static size_t
line_items(
    struct sieve *s, int by, size_t line, size_t skip, size_t max, size_t *last)
{
	size_t seen = 0;

	s->ngroup = 0;
	*last = 0;
	for (size_t k = 0; k < s->n; k++) {
		/* columns back to front: another order may show more */
		size_t i = by != BY_COLUMN ? k : s->n - 1 - k;
		size_t at = line_of(&s->items[i], by);

		if (s->items[i].family == SIEVE_NO_FAMILY)
			continue;
		*last = at > *last ? at : *last;
		if (at != line)
			continue;
		if (seen >= skip && seen < skip + max)
			group_add(s, i);
		seen++;
	}
	return seen;
}

/* Line at >> 8, part at & 255 of it: what does not fit into one hello is
 * offered in parts. */
static bool
group_line(struct sieve *s, int by)
{
	size_t max = s->shapes[s->grid[s->grid_at]].max, last;

	for (;;) {
		size_t line = s->at >> 8, skip = (s->at & 0xff) * max;

		if (line_items(s, by, line, skip, max, &last) > skip)
			return true;
		if (line >= last)
			return false;
		s->at = (line + 1) << 8;
	}
}

/* The likeliest items, and those that stood in no row or column that was
 * refused as usual; all where one was seen to hide another. */
static bool
group_single(struct sieve *s)
{
	uint8_t usual = usual_kind(s);

	s->ngroup = 0;
	for (; s->at < s->n; s->at++) {
		const struct sieve_item *item = &s->items[s->at];

		if (s->at >= s->likely && !s->surprise &&
		    (item->kinds[BY_ROW] == usual ||
			item->kinds[BY_COLUMN] == usual ||
			item->kinds[BY_FAMILY] == usual ||
			item->family == SIEVE_NO_FAMILY))
			continue;
		group_add(s, s->at);
		return true;
	}
	return false;
}

/* In each shape that may show more, the suspects: one by one if anything is
 * accepted, else together. */
static bool
group_suspect(struct sieve *s)
{
	s->ngroup = 0;
	for (; s->shape < s->nshapes; s->shape++, s->at = 0) {
		if (s->shape == s->home ||
		    (s->shapes[s->shape].use & SHAPE_VARIES) == 0)
			continue;
		for (; s->at < s->n; s->at++) {
			if (s->items[s->at].suspect)
				group_add(s, s->at);
			if (s->found && s->ngroup > 0)
				return true;
		}
		if (s->ngroup > 0)
			return true;
	}
	return false;
}

/* The span on top of the stack. */
static void
group_span(struct sieve *s)
{
	const struct sieve_span *top = &s->spans[s->nspans - 1];

	s->ngroup = 0;
	for (size_t i = top->from; i < top->to; i++)
		group_add(s, s->list[i]);
}

/* ---- from stage to stage ---- */

static void
enter(struct sieve *s, enum sieve_stage stage)
{
	s->stage = stage;
	s->at = 0;
	s->with = stage == SIEVE_CHECK;
	s->halving = false;
	s->controlled = s->counts = false;
	s->shape = 0;
	if (s->ngrid == 0)
		s->grid[s->ngrid++] = s->home;
}

static void
enter_grid(struct sieve *s)
{
	s->grid_at = 0;
	enter(s, s->found ? SIEVE_ROWS : SIEVE_FAMILIES);
}

/* What comes behind a stage of the grid. */
static void
grid_over(struct sieve *s)
{
	bool differs = s->surprise || s->nrefusals > 1;
	bool singles = differs || s->likely > 0;

	if (s->stage == SIEVE_FAMILIES && singles)
		enter(s, SIEVE_SINGLES);
	else if (s->stage == SIEVE_ROWS && (differs || s->columns))
		enter(s, SIEVE_COLUMNS);
	else if (s->stage == SIEVE_COLUMNS && singles)
		enter(s, SIEVE_SINGLES);
	else if (s->grid_at + 1 < s->ngrid) { /* a shape that showed more */
		s->grid_at++;
		enter(s, SIEVE_ROWS);
	} else
		enter(s, SIEVE_SUSPECTS);
}

static bool
shape_wanted(const struct sieve *s, unsigned use)
{
	return s->shape != s->home && (s->shapes[s->shape].use & use) != 0;
}

static void
next_shape(struct sieve *s)
{
	s->shape++;
	s->at = 0;
	s->controlled = s->counts = false;
}

/* The next step of SIEVE_SHAPES or SIEVE_REFUSED; false: no more shapes. */
static bool
shapes_step(struct sieve *s, unsigned use)
{
	for (; s->shape < s->nshapes; next_shape(s)) {
		uint32_t bit = 1u << s->shape;

		if (!shape_wanted(s, use))
			continue;
		if (!s->found && ((s->answered | s->silent) & bit) != 0) {
			s->controlled = true; /* asked before */
			s->counts = (s->answered & bit) != 0;
		}
		s->ngroup = 0;
		if (!s->controlled)
			return true; /* its control first */
		if ((s->shapes[s->shape].use & SHAPE_WHOLE) == 0 && s->at > 0)
			continue; /* one hello of it is enough */
		while (s->at < s->n && group_chunk(s, s->shape)) {
			if (s->ngroup > 0)
				return true;
			s->at++;
		}
		if (s->counts)
			s->checked |= bit;
	}
	return false;
}

/* Nothing was found: in which other shapes is it asked? */
static bool
refused_step(struct sieve *s)
{
	unsigned use = SHAPE_WHOLE | SHAPE_FIRST | SHAPE_VARIES;

	if (!s->elsewhere) {
		sieve_give_up(s, "nothing is accepted that a refusal could be "
				 "compared with");
		return false;
	}
	if (shapes_step(s, s->version_refused ? SHAPE_WHOLE : use))
		return true;
	if (s->version_refused)
		enter(s, SIEVE_END);
	else
		enter_grid(s);
	return false;
}

static bool
grid_step(struct sieve *s)
{
	bool more = s->stage == SIEVE_SINGLES
			? group_single(s)
			: group_line(s, s->stage == SIEVE_FAMILIES ? BY_FAMILY
					: s->stage == SIEVE_ROWS   ? BY_ROW
								   : BY_COLUMN);

	if (!more)
		grid_over(s);
	return more;
}

/* Set up the group of this stage; false: another stage was entered. */
static bool
stage_step(struct sieve *s)
{
	switch (s->stage) {
	case SIEVE_FIND:
		if (group_chunk(s, s->home))
			return true;
		s->checked |= 1u << s->home;
		enter(s, s->found ? SIEVE_CHECK : SIEVE_REFUSED);
		return false;
	case SIEVE_CHECK:
		if (s->halving) {
			group_span(s);
			return true;
		}
		if (group_chunk(s, s->home))
			return true;
		enter(s, SIEVE_SHAPES);
		return false;
	case SIEVE_SHAPES:
		if (shapes_step(s, SHAPE_VARIES))
			return true;
		enter_grid(s);
		return false;
	case SIEVE_REFUSED:
		return refused_step(s);
	case SIEVE_FAMILIES:
	case SIEVE_ROWS:
	case SIEVE_COLUMNS:
	case SIEVE_SINGLES:
		return grid_step(s);
	case SIEVE_SUSPECTS:
		if (group_suspect(s))
			return true;
		enter(s, SIEVE_END);
		return false;
	default:
		s->ngroup = 0;
		return true;
	}
}

static void
step_over(struct sieve *s)
{
	if (s->halving) {
		s->nspans--;
		s->with = false;
		s->halving = s->nspans > 0;
		if (!s->halving) {
			s->at++;
			s->with = true;
		}
	} else
		s->at++;
}

static bool
asks_control(const struct sieve *s)
{
	return s->due || s->stage == SIEVE_END ||
	       ((s->stage == SIEVE_SHAPES || s->stage == SIEVE_REFUSED) &&
		   !s->controlled);
}

static size_t
shape_at_hand(const struct sieve *s)
{
	if (s->due)
		return s->home;
	if (s->stage == SIEVE_SHAPES || s->stage == SIEVE_REFUSED ||
	    s->stage == SIEVE_SUSPECTS)
		return s->shape;
	if (s->stage >= SIEVE_FAMILIES && s->stage <= SIEVE_SINGLES)
		return s->grid[s->grid_at];
	return s->home;
}

static bool
is_control(const struct sieve *s, const struct sieve_item *item)
{
	return item->fate == FATE_ACCEPTED &&
	       (s->control_all || item->id == s->control);
}

static void
add_control(const struct sieve *s, struct sieve_hello *out)
{
	for (size_t i = 0; i < s->n; i++)
		if (is_control(s, &s->items[i]))
			out->ids[out->n++] = s->items[i].id;
}

bool
sieve_next(struct sieve *s, struct sieve_hello *out)
{
	while (s->stage != SIEVE_DONE && !s->due) {
		if (!stage_step(s))
			continue;
		if (s->ngroup > 0 || asks_control(s))
			break;
		step_over(s);
	}
	if (s->stage != SIEVE_DONE && ++s->asked > SIEVE_HELLOS_MAX)
		sieve_give_up(s, "not decided within 1200 hellos");
	if (s->stage == SIEVE_DONE)
		return false;
	if (s->due)
		s->ngroup = 0;
	out->n = 0;
	out->shape = shape_at_hand(s);
	out->elsewhere = asks_control(s) && !s->found;
	for (size_t i = 0; i < s->ngroup; i++)
		out->ids[out->n++] = s->items[s->group[i]].id;
	if (s->found && (s->with || asks_control(s)))
		add_control(s, out);
	return true;
}

/* ---- what was answered ---- */

static void
suspect(struct sieve *s, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < s->n; k++)
		n += s->items[k].suspect;
	s->items[i].suspect = true;
	if (s->items[i].bound || n >= SIEVE_SUSPECTS_MAX)
		s->items[i].fate = FATE_ODD;
}

/* Go into the halves of what was refused in spite of the control. */
static void
halve(struct sieve *s)
{
	size_t from, to;

	if (!s->halving) {
		memcpy(s->list, s->group, s->ngroup * sizeof(s->group[0]));
		s->nlist = s->ngroup;
		s->spans[0] = (struct sieve_span){ 0, s->nlist };
		s->nspans = 1;
		s->halving = true;
	}
	from = s->spans[s->nspans - 1].from;
	to = s->spans[s->nspans - 1].to;
	if (to - from <= 1) {
		suspect(s, s->list[from]);
		step_over(s);
		return;
	}
	s->spans[s->nspans - 1].from = from + (to - from) / 2;
	s->spans[s->nspans++] =
	    (struct sieve_span){ from, from + (to - from) / 2 };
	s->with = false;
}

static void
control_refused(struct sieve *s)
{
	if (s->stage == SIEVE_END || s->due) {
		sieve_give_up(s, "what was accepted first is now refused");
		return;
	}
	/* what is accepted in this shape is, what is refused shows nothing */
	s->controlled = true;
	s->silent |= 1u << s->shape;
	s->at = 0;
}

/* 1 + the kind's number, of the home shape's refusals alone. */
static uint8_t
note_refusal(struct sieve *s, unsigned how)
{
	size_t i = 0;

	while (i < s->nrefusals && s->refusals[i] != how)
		i++;
	if (i == s->nrefusals && i < SIEVE_REFUSALS_MAX)
		s->refusals[s->nrefusals++] = (uint16_t)how;
	s->counts_of[i]++;
	return (uint8_t)(i + 1);
}

static void
note_kind(struct sieve *s, uint8_t kind)
{
	int by = s->stage == SIEVE_FAMILIES ? BY_FAMILY
		 : s->stage == SIEVE_ROWS   ? BY_ROW
					    : BY_COLUMN;

	if (s->stage == SIEVE_SINGLES && kind != usual_kind(s))
		suspect(s, s->group[0]);
	else if (s->stage >= SIEVE_FAMILIES && s->stage <= SIEVE_COLUMNS)
		for (size_t i = 0; i < s->ngroup; i++)
			s->items[s->group[i]].kinds[by] = kind;
}

/* Is this refusal to be looked at twice? Then the control comes first. */
static bool
once_more(struct sieve *s)
{
	if (s->stage != SIEVE_FIND || !s->found || s->again)
		return false;
	s->again = s->due = true;
	return true;
}

void
sieve_refused(struct sieve *s, unsigned how)
{
	if (how == REFUSAL_UNOFFERED && ++s->oddities > SIEVE_ODDITIES_MAX) {
		sieve_give_up(s, "the server chose what was not offered");
		return;
	}
	if (asks_control(s)) {
		control_refused(s);
		return;
	}
	if (once_more(s))
		return;
	s->again = false;
	s->due = s->stage >= SIEVE_FAMILIES && s->stage <= SIEVE_SUSPECTS &&
		 ++s->beat >= SIEVE_BEAT;
	s->version_refused &= how == REFUSAL_VERSION;
	if (shape_at_hand(s) == s->home && !s->with)
		note_kind(s, note_refusal(s, how));
	if (s->with)
		halve(s);
	else if (s->halving)
		s->with = true; /* alone refused: now beside the control */
	else
		step_over(s);
}

static void
control_chosen(struct sieve *s)
{
	if (s->due) {
		s->due = false;
		s->beat = 0;
	} else if (s->stage == SIEVE_END && s->unsteady)
		sieve_give_up(
		    s, "a hello was refused, and accepted when sent again");
	else if (s->stage == SIEVE_END)
		s->stage = SIEVE_DONE;
	else if (asks_control(s)) {
		s->controlled = s->counts = true;
		s->answered |= 1u << s->shape;
		s->at = 0;
	} else
		step_over(s); /* the hello as such is fine, and refused */
}

static bool
take_accepted(struct sieve *s, struct sieve_item *item)
{
	size_t shape = shape_at_hand(s);

	s->surprise |= s->stage >= SIEVE_FAMILIES && s->stage <= SIEVE_SUSPECTS;
	s->unsteady |= s->again;
	s->again = false;
	item->fate = FATE_ACCEPTED;
	item->shape = (uint8_t)shape;
	if (!s->found) { /* here it begins anew, in the shape that works */
		s->found = true;
		s->home = shape;
		s->ngrid = s->nrefusals = 0;
		s->answered = s->silent = s->checked = 0;
		memset(s->counts_of, 0, sizeof(s->counts_of));
		s->control = item->id;
		enter(s, SIEVE_FIND);
		return true;
	}
	if (shape == s->home)
		s->control = item->id;
	if (s->stage == SIEVE_SHAPES && s->ngrid < LENGTH(s->grid))
		s->grid[s->ngrid++] = shape;
	return true;
}

bool
sieve_chose(struct sieve *s, uint16_t id)
{
	if (asks_control(s) && !s->found) {
		control_chosen(s);
		return false;
	}
	for (size_t i = 0; i < s->ngroup; i++)
		if (s->items[s->group[i]].id == id)
			return take_accepted(s, &s->items[s->group[i]]);
	if (s->found && (s->with || asks_control(s)))
		for (size_t i = 0; i < s->n; i++)
			if (s->items[i].id == id &&
			    is_control(s, &s->items[i])) {
				control_chosen(s);
				return false;
			}
	sieve_refused(s, REFUSAL_UNOFFERED);
	return false;
}
