#include "dialogue.h"

#include <stdio.h>
#include <string.h>

size_t hb_write_start(uint8_t *buffer, size_t capacity, const struct hb_start *start)
{
	struct hb_writer writer;

	hb_write_begin(&writer, buffer, capacity, HB_START);
	hb_write_u32(&writer, start->op);
	hb_write_text(&writer, start->user);
	hb_write_text(&writer, start->service);
	hb_write_text(&writer, start->tty);
	hb_write_text(&writer, start->rhost);
	hb_write_u32(&writer, start->flags);
	hb_write_u32(&writer, start->capabilities);
	hb_write_text(&writer, start->locale);
	hb_write_bytes(&writer, start->authtok, start->authtok_size);
	hb_write_u32(&writer, start->caller);
	return hb_write_end(&writer);
}

static struct hb_action finish(struct hb_dialogue *dialogue, struct hb_action action)
{
	dialogue->state = HB_FINISHED;
	return action;
}

static struct hb_action fail(struct hb_dialogue *dialogue)
{
	return finish(dialogue, (struct hb_action){ .kind = HB_DO_FAIL });
}

static struct hb_action end(struct hb_dialogue *dialogue, struct hb_frame *frame)
{
	struct hb_action action = { .kind = HB_DO_END };

	if (!hb_read_u32(frame, &action.code) || !hb_read_text(frame, &action.text))
		return fail(dialogue);
	/* The account that signed in must be given, or "success" means nothing. */
	if (dialogue->op == HB_OP_AUTHENTICATE && action.code == 0 && action.text[0] == '\0')
		return fail(dialogue);
	return finish(dialogue, action);
}

static struct hb_action heard(struct hb_dialogue *dialogue, struct hb_frame *frame)
{
	struct hb_action action = { .style = frame->kind };
	uint32_t keep;

	switch (frame->kind) {
	case HB_HEARD:
		action.kind = HB_DO_LISTEN;
		return action;
	case HB_SAY:
	case HB_WARN:
		action.kind = HB_DO_SHOW;
		return hb_read_text(frame, &action.text) ? action : fail(dialogue);
	case HB_ASK:
		action.kind = HB_DO_ASK;
		if (!hb_read_text(frame, &action.text))
			return fail(dialogue);
		dialogue->keep = HB_KEEP_NOTHING;
		dialogue->state = HB_AWAITING_ANSWER;
		return action;
	case HB_ASK_HIDDEN:
		action.kind = HB_DO_ASK;
		if (!hb_read_text(frame, &action.text) || !hb_read_u32(frame, &keep) || keep > HB_KEEP_OLD_AUTHTOK)
			return fail(dialogue);
		dialogue->keep = (enum hb_keep)keep;
		dialogue->state = HB_AWAITING_ANSWER;
		return action;
	case HB_END:
		return end(dialogue, frame);
	case HB_NO_ROOM:
		return finish(dialogue, (struct hb_action){ .kind = HB_DO_LEAVE });
	default:
		return fail(dialogue);
	}
}

struct hb_action hb_dialogue_step(struct hb_dialogue *dialogue, enum hb_event_kind event, struct hb_frame *frame)
{
	struct hb_action action = { .kind = HB_DO_LISTEN };

	if (dialogue->state == HB_LISTENING && event == HB_EVENT_FRAME)
		return heard(dialogue, frame);
	if (dialogue->state == HB_AWAITING_ANSWER) {
		dialogue->state = HB_LISTENING;
		switch (event) {
		case HB_EVENT_ANSWER:
			action.kind = HB_DO_ANSWER;
			action.keep = dialogue->keep;
			return action;
		case HB_EVENT_NOTHING:
			action.kind = HB_DO_GIVE_UP;
			return action;
		case HB_EVENT_OVERTAKEN:
			return action;
		default:
			break;
		}
	}
	return fail(dialogue);
}

/* How far a conversation has come. */
enum stage {
	ASKED,  /* START was sent */
	HEARD,  /* the daemon lives */
	SPOKEN, /* it said something */
};

/*
 * A phone may take a quarter of an hour to be approved; nothing else is waited for that long, least of all the first frame: a
 * daemon that is stuck must not block users, including local users.
 */
static int64_t patience(enum hb_op op, enum stage stage)
{
	if (op == HB_OP_CLOSE_SESSION)
		return 2 * 1000;
	if (stage == ASKED)
		return 5 * 1000;
	if (stage == SPOKEN && (op == HB_OP_AUTHENTICATE || op == HB_OP_CHANGE_PIN))
		return 16 * 60 * 1000;
	return 60 * 1000;
}

enum { SEND_PATIENCE = 5000 };

static void send_answer(struct hb_connection *connection, uint8_t kind, const uint8_t *answer, size_t size)
{
	struct hb_writer writer;

	hb_write_begin(&writer, connection->buffer, connection->capacity, kind);
	if (kind == HB_ANSWER)
		hb_write_bytes(&writer, answer, size);
	size_t frame = hb_write_end(&writer);
	if (frame > 0)
		(void)hb_send(connection, connection->buffer, frame, hb_now() + SEND_PATIENCE);
	explicit_bzero(connection->buffer, frame);
}

static void pass_environment(struct hb_frame *frame, const struct hb_user *user)
{
	const char *text;

	while (frame->left > 0 && hb_read_text(frame, &text))
		user->set_environment(user->self, text);
}

/*
 * Asks and sends what was said. An answer that can no longer be sent is not a failure here: the END that the daemon
 * sent before it closed is still to be read.
 */
static void question(struct hb_connection *connection, struct hb_dialogue *dialogue, const struct hb_user *user,
		     const struct hb_action *asked)
{
	uint8_t answer[HB_ANSWER_MAX];
	size_t size = 0;
	enum hb_event_kind event = HB_EVENT_NOTHING;

	switch (user->ask(user->self, asked->style, asked->text, answer, &size)) {
	case HB_REPLY_ANSWER:
		event = size <= sizeof answer ? HB_EVENT_ANSWER : HB_EVENT_NOTHING;
		break;
	case HB_REPLY_OVERTAKEN:
		event = HB_EVENT_OVERTAKEN;
		break;
	case HB_REPLY_NOTHING:
		break;
	}
	struct hb_action action = hb_dialogue_step(dialogue, event, NULL);
	if (action.kind == HB_DO_ANSWER) {
		if (action.keep != HB_KEEP_NOTHING)
			user->keep(user->self, action.keep, answer, size);
		send_answer(connection, HB_ANSWER, answer, size);
	} else if (action.kind == HB_DO_GIVE_UP) {
		send_answer(connection, HB_GIVE_UP, NULL, 0);
	}
	explicit_bzero(answer, sizeof answer);
}

void hb_converse(struct hb_connection *connection, size_t start_size, enum hb_op op, const struct hb_user *user,
		 struct hb_outcome *outcome)
{
	struct hb_dialogue dialogue = { .op = op };
	struct hb_frame frame;

	memset(outcome, 0, sizeof *outcome);
	enum hb_io io = hb_send(connection, connection->buffer, start_size, hb_now() + SEND_PATIENCE);
	explicit_bzero(connection->buffer, start_size);
	/* A peer that closes before our START has arrived may have said why. */
	if (io != HB_IO_OK && io != HB_IO_CLOSED)
		return;
	for (enum stage stage = ASKED;;) {
		io = hb_receive(connection, &frame, hb_now() + patience(op, stage));
		outcome->stuck = io == HB_IO_TIMEOUT && stage == ASKED;
		stage = io == HB_IO_OK && frame.kind == HB_HEARD && stage == ASKED ? HEARD : SPOKEN;
		struct hb_action action =
			hb_dialogue_step(&dialogue, io == HB_IO_OK ? HB_EVENT_FRAME : HB_EVENT_BROKEN, &frame);
		outcome->no_room = action.kind == HB_DO_LEAVE;
		outcome->heard = outcome->heard || (io == HB_IO_OK && !outcome->no_room);
		outcome->asked = outcome->asked || action.kind == HB_DO_ASK;
		switch (action.kind) {
		case HB_DO_SHOW:
			user->show(user->self, action.style, action.text);
			break;
		case HB_DO_ASK:
			question(connection, &dialogue, user, &action);
			break;
		case HB_DO_END:
			if (strlen(action.text) >= sizeof outcome->account)
				return;
			outcome->ended = true;
			outcome->code = action.code;
			snprintf(outcome->account, sizeof outcome->account, "%s", action.text);
			if (action.code == 0)
				pass_environment(&frame, user);
			return;
		case HB_DO_LISTEN:
			break;
		default:
			return;
		}
	}
}

const char *hb_code_name(uint32_t code)
{
	switch (code) {
	case 0: return "PAM_SUCCESS";
	case 3: return "PAM_SERVICE_ERR";
	case 6: return "PAM_PERM_DENIED";
	case 7: return "PAM_AUTH_ERR";
	case 8: return "PAM_CRED_INSUFFICIENT";
	case 9: return "PAM_AUTHINFO_UNAVAIL";
	case 10: return "PAM_USER_UNKNOWN";
	case 11: return "PAM_MAXTRIES";
	case 13: return "PAM_ACCT_EXPIRED";
	case 20: return "PAM_AUTHTOK_ERR";
	case 25: return "PAM_IGNORE";
	case 26: return "PAM_ABORT";
	default: return "PAM_SYSTEM_ERR";
	}
}
