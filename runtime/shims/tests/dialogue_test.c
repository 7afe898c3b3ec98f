/* The sign-in dialogue as tables of events: what the daemon and the user do, and what must follow. */
#include <stdio.h>
#include <string.h>

#include "dialogue.h"

enum { LAST = 99 };

struct step {
	int event; /* enum hb_event_kind, or LAST */
	int kind;  /* of the frame */
	const char *text;
	int number; /* keep or code; -1: the field is left out */
	int expect; /* enum hb_action_kind */
	int expect_keep;
};

#define FRAME(kind, text, number, expect) { HB_EVENT_FRAME, kind, text, number, expect, 0 }
#define USER(event, expect, keep) { event, 0, NULL, 0, expect, keep }
#define DONE { LAST, 0, NULL, 0, 0, 0 }

static const struct {
	const char *name;
	enum hb_op op;
	struct step steps[10];
} tables[] = {
	{ "a PIN sign-in", HB_OP_AUTHENTICATE,
	  { FRAME(HB_SAY, "Use the Linux Hello PIN for this device.", 0, HB_DO_SHOW),
	    FRAME(HB_ASK_HIDDEN, "PIN: ", 1, HB_DO_ASK), USER(HB_EVENT_ANSWER, HB_DO_ANSWER, 1),
	    FRAME(HB_END, "user02", 0, HB_DO_END), DONE } },
	{ "a code is not kept", HB_OP_AUTHENTICATE,
	  { FRAME(HB_ASK_HIDDEN, "PIN: ", 1, HB_DO_ASK), USER(HB_EVENT_ANSWER, HB_DO_ANSWER, 1),
	    FRAME(HB_ASK_HIDDEN, "Code: ", 0, HB_DO_ASK), USER(HB_EVENT_ANSWER, HB_DO_ANSWER, 0),
	    FRAME(HB_ASK, "Value: ", 0, HB_DO_ASK), USER(HB_EVENT_ANSWER, HB_DO_ANSWER, 0),
	    FRAME(HB_END, "user02", 0, HB_DO_END), DONE } },
	{ "giving up is told, and the daemon still has the last word", HB_OP_AUTHENTICATE,
	  { FRAME(HB_ASK_HIDDEN, "PIN: ", 1, HB_DO_ASK), USER(HB_EVENT_NOTHING, HB_DO_GIVE_UP, 0),
	    FRAME(HB_SAY, "banner", 0, HB_DO_SHOW), FRAME(HB_END, "", 26, HB_DO_END), DONE } },
	{ "overtaken by END", HB_OP_AUTHENTICATE,
	  { FRAME(HB_ASK_HIDDEN, "PIN: ", 1, HB_DO_ASK), USER(HB_EVENT_OVERTAKEN, HB_DO_LISTEN, 0),
	    FRAME(HB_END, "", 26, HB_DO_END), DONE } },
	{ "success without an account is malformed for a sign-in", HB_OP_AUTHENTICATE,
	  { FRAME(HB_END, "", 0, HB_DO_FAIL), DONE } },
	{ "and fine for a session", HB_OP_OPEN_SESSION, { FRAME(HB_END, "", 0, HB_DO_END), DONE } },
	{ "a keep-alive frame, also twice", HB_OP_AUTHENTICATE,
	  { FRAME(HB_HEARD, NULL, 0, HB_DO_LISTEN), FRAME(HB_HEARD, NULL, 0, HB_DO_LISTEN), FRAME(HB_END, "user02", 0, HB_DO_END),
	    DONE } },
	{ "no room", HB_OP_AUTHENTICATE,
	  { FRAME(HB_NO_ROOM, NULL, 0, HB_DO_LEAVE), FRAME(HB_END, "user02", 0, HB_DO_FAIL), DONE } },
	{ "a keep-alive frame instead of an answer", HB_OP_AUTHENTICATE,
	  { FRAME(HB_ASK, "Value: ", 0, HB_DO_ASK), FRAME(HB_HEARD, NULL, 0, HB_DO_FAIL), DONE } },
	{ "nothing after END", HB_OP_AUTHENTICATE,
	  { FRAME(HB_END, "", 7, HB_DO_END), FRAME(HB_END, "user02", 0, HB_DO_FAIL), DONE } },
	{ "nothing after a failure", HB_OP_AUTHENTICATE,
	  { FRAME(HB_START, "user02", 0, HB_DO_FAIL), FRAME(HB_END, "user02", 0, HB_DO_FAIL), DONE } },
	{ "the daemon goes away", HB_OP_AUTHENTICATE,
	  { FRAME(HB_SAY, "hello", 0, HB_DO_SHOW), USER(HB_EVENT_BROKEN, HB_DO_FAIL, 0), DONE } },
	{ "an answer without a question", HB_OP_AUTHENTICATE, { USER(HB_EVENT_ANSWER, HB_DO_FAIL, 0), DONE } },
	{ "a frame instead of an answer", HB_OP_AUTHENTICATE,
	  { FRAME(HB_ASK, "Value: ", 0, HB_DO_ASK), FRAME(HB_END, "user02", 0, HB_DO_FAIL), DONE } },
	{ "kinds of other sockets", HB_OP_AUTHENTICATE, { FRAME(HB_OUT, "text", 0, HB_DO_FAIL), DONE } },
	{ "an unknown kind", HB_OP_AUTHENTICATE, { FRAME(0x7F, "text", 0, HB_DO_FAIL), DONE } },
	{ "the old secret is told apart from the new one", HB_OP_CHANGE_PIN,
	  { FRAME(HB_ASK_HIDDEN, "PIN: ", 2, HB_DO_ASK), USER(HB_EVENT_ANSWER, HB_DO_ANSWER, 2),
	    FRAME(HB_ASK_HIDDEN, "New PIN: ", 1, HB_DO_ASK), USER(HB_EVENT_ANSWER, HB_DO_ANSWER, 1), DONE } },
	{ "keep is at most 2", HB_OP_AUTHENTICATE, { FRAME(HB_ASK_HIDDEN, "PIN: ", 3, HB_DO_FAIL), DONE } },
	{ "keep is not optional", HB_OP_AUTHENTICATE, { FRAME(HB_ASK_HIDDEN, "PIN: ", -1, HB_DO_FAIL), DONE } },
	{ "SAY without text", HB_OP_AUTHENTICATE, { FRAME(HB_SAY, NULL, 0, HB_DO_FAIL), DONE } },
	{ "text that is not UTF-8", HB_OP_AUTHENTICATE, { FRAME(HB_WARN, "\xff", 0, HB_DO_FAIL), DONE } },
};

static void compose(const struct step *step, uint8_t *buffer, size_t capacity, struct hb_frame *frame)
{
	struct hb_writer writer;

	hb_write_begin(&writer, buffer, capacity, (uint8_t)step->kind);
	if (step->kind == HB_END)
		hb_write_u32(&writer, (uint32_t)step->number);
	if (step->text != NULL)
		hb_write_bytes(&writer, step->text, strlen(step->text));
	if (step->kind == HB_ASK_HIDDEN && step->number >= 0)
		hb_write_u32(&writer, (uint32_t)step->number);
	size_t size = hb_write_end(&writer);
	(void)hb_frame_decode(buffer, size, frame);
}

int main(void)
{
	int failures = 0;

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		struct hb_dialogue dialogue = { .op = tables[i].op };
		for (const struct step *step = tables[i].steps; step->event != LAST; step++) {
			uint8_t buffer[256];
			struct hb_frame frame = { .failed = true };
			if (step->event == HB_EVENT_FRAME)
				compose(step, buffer, sizeof buffer, &frame);
			struct hb_action action =
				hb_dialogue_step(&dialogue, (enum hb_event_kind)step->event, &frame);
			bool wrong = (int)action.kind != step->expect || (int)action.keep != step->expect_keep;
			if (action.kind == HB_DO_SHOW || action.kind == HB_DO_ASK)
				wrong = wrong || strcmp(action.text, step->text) != 0 || action.style != step->kind;
			if (action.kind == HB_DO_END)
				wrong = wrong || action.code != (uint32_t)step->number;
			if (wrong) {
				fprintf(stderr, "%s: step %d gave action %d\n", tables[i].name,
					(int)(step - tables[i].steps) + 1, (int)action.kind);
				failures++;
			}
		}
	}
	return failures > 0;
}
