#include "place.h"

#include <string.h>

/* Whether a jump over count lines, from the line of that index, skips the line at index at. */
struct jump {
	const struct lines *lines;
	size_t from;
	size_t at;
	enum stack stack;
	bool crosses;
};

static void jump_crosses(struct span value, struct span action, void *data)
{
	struct jump *jump = data;
	size_t left = 0;

	(void)value;
	for (size_t i = 0; i < action.size; i++) {
		if (action.begin[i] < '0' || action.begin[i] > '9')
			return;
		left = left < 100000 ? left * 10 + (size_t)(action.begin[i] - '0') : left;
	}
	for (size_t i = jump->from + 1; i < jump->at && left > 0; i++) {
		const struct line *line = &jump->lines->line[i];
		if (!line_is_of(line, jump->stack))
			continue;
		/* Who knows how many lines stand there. */
		if (line->kind == LINE_INCLUDE || line->kind == LINE_INCLUDE_ALL)
			break;
		left--;
	}
	jump->crosses = jump->crosses || left > 0;
}

size_t jump_across(const struct lines *lines, enum stack stack, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		const struct line *line = &lines->line[i];
		struct jump jump = { .lines = lines, .from = i, .at = at, .stack = stack };
		if (line->kind != LINE_MODULE || line->stack != stack)
			continue;
		control_each(line->control, jump_crosses, &jump);
		if (jump.crosses)
			return i;
	}
	return at;
}

static size_t first_that_runs(const struct lines *lines, enum stack stack, const char *const *modules, size_t count)
{
	for (size_t i = 0; i < lines->count; i++)
		for (size_t m = 0; m < count; m++)
			if (line_is_of(&lines->line[i], stack) && line_runs(&lines->line[i], modules[m]))
				return i;
	return lines->count;
}

static size_t first_of(const struct lines *lines, enum stack stack)
{
	size_t i = 0;

	while (i < lines->count && !line_is_of(&lines->line[i], stack))
		i++;
	return i;
}

/* Behind the last line of the stack, and behind what pam-auth-update takes for its own. */
static size_t end_of(const struct lines *lines, enum stack stack)
{
	size_t end = lines->count;

	while (end > 0 && !line_is_of(&lines->line[end - 1], stack))
		end--;
	if (end == 0)
		return lines->count;
	for (size_t i = end; i < lines->count && lines->line[i].kind == LINE_NOTHING; i++)
		if (line_begins(&lines->line[i], MANAGED_END))
			return i + 1;
	return end;
}

size_t place_of(const struct lines *lines, enum stack stack, bool decides)
{
	static const char *const admitting[] = { "pam_unix.so", "pam_faillock.so" };
	static const char *const changing[] = { "pam_unix.so", "pam_cracklib.so", "pam_pwquality.so", "pam_passwdqc.so",
						"pam_pwhistory.so" };
	size_t at = lines->count;

	if (stack == STACK_ACCOUNT)
		at = first_that_runs(lines, stack, admitting, sizeof admitting / sizeof admitting[0]);
	else if (stack == STACK_PASSWORD)
		at = first_that_runs(lines, stack, changing, sizeof changing / sizeof changing[0]);
	if (!decides || stack == STACK_SESSION)
		at = end_of(lines, stack);
	else if (at == lines->count)
		at = first_of(lines, stack);
	/* Before a jump that would lead somewhere else; the new place may lie under another one. */
	for (size_t before; (before = jump_across(lines, stack, at)) != at;)
		at = before;
	/* pam-auth-update takes what stands below this for its own. */
	if (at > 0 && line_begins(&lines->line[at - 1], MANAGED_BEGIN))
		at--;
	return at;
}

bool must_collect(const struct lines *lines, size_t ours)
{
	for (size_t i = ours; i < lines->count; i++)
		if (line_is_of(&lines->line[i], STACK_PASSWORD) && lines->line[i].kind == LINE_MODULE &&
		    !line_runs(&lines->line[i], OUR_MODULE) && line_has_option(&lines->line[i], "use_authtok"))
			return true;
		else if (line_runs(&lines->line[i], "pam_pwquality.so") || line_runs(&lines->line[i], "pam_cracklib.so") ||
			 line_runs(&lines->line[i], "pam_passwdqc.so"))
			return false;
	return false;
}

/* What a control says of one code: the default counts where the code is not named. */
struct answer {
	bool named;
	bool denies;
};

struct denial {
	bool by_default;
	struct answer refused; /* not allowed here */
	struct answer expired; /* disabled in the directory */
};

static void take_denial(struct span value, struct span action, void *data)
{
	struct denial *denial = data;
	const struct answer answer = { .named = true, .denies = span_is(action, "die") || span_is(action, "bad") };

	if (span_is(value, "default"))
		denial->by_default = answer.denies;
	else if (span_is(value, "auth_err"))
		denial->refused = answer;
	else if (span_is(value, "acct_expired"))
		denial->expired = answer;
}

static bool denies(const struct denial *denial, struct answer answer)
{
	return answer.named ? answer.denies : denial->by_default;
}

bool control_denies(struct span control)
{
	struct denial denial = { .by_default = true };

	if (control.begin[0] != '[')
		return span_is(control, "required") || span_is(control, "requisite");
	control_each(control, take_denial, &denial);
	return denies(&denial, denial.refused) && denies(&denial, denial.expired);
}
