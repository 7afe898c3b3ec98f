/* Numbers of docs/protocol/socket.md. */
#ifndef HB_PROTOCOL_H
#define HB_PROTOCOL_H

#include <stdint.h>

#define HB_PROTOCOL_VERSION 1u

enum hb_kind {
	HB_START = 0x10,
	HB_ANSWER = 0x11,
	HB_GIVE_UP = 0x12,
	HB_SAY = 0x20,
	HB_WARN = 0x21,
	HB_ASK = 0x22,
	HB_ASK_HIDDEN = 0x23,
	HB_OUT = 0x24,
	HB_ERR = 0x25,
	HB_RAW = 0x26,
	HB_HEARD = 0x27,
	HB_NO_ROOM = 0x28,
	HB_END = 0x2F,
	HB_COMMAND = 0x30,
	HB_INPUT = 0x31,
	HB_INPUT_END = 0x32,
	HB_LOOKUP = 0x40,
	HB_PASSWD = 0x50,
	HB_GROUP = 0x51,
	HB_GIDS = 0x52,
	HB_IN_MAP = 0x53,
	HB_WORKING = 0x54,
	HB_NOT_FOUND = 0x5D,
	HB_TRY_AGAIN = 0x5E,
	HB_UNAVAILABLE = 0x5F,
	HB_BROKER_CALL = 0x60,
	HB_BROKER_REPLY = 0x61,
	HB_BROKER_FAILED = 0x62,
};

/* op of START */
enum hb_op {
	HB_OP_AUTHENTICATE = 1,
	HB_OP_ACCOUNT = 2,
	HB_OP_OPEN_SESSION = 3,
	HB_OP_CHANGE_PIN = 4,
	HB_OP_UNSEAL = 5,
	HB_OP_CLOSE_SESSION = 6,
};

/* flags of START */
enum hb_flag {
	HB_FLAG_NO_HELLO_PIN = 1,
	HB_FLAG_FORCE_REAUTH = 2,
	HB_FLAG_NO_INFO_PROMPT = 4,
	HB_FLAG_MFA_POLL_PROMPT = 8,
	HB_FLAG_SILENT = 16,
	HB_FLAG_IGNORE_UNKNOWN_USER = 32,
};

/* capabilities of START */
enum hb_capability {
	HB_CAN_SHOW_TEXT = 1,
	HB_IS_GREETER = 2,
	HB_KEEPS_OLD = 4,
};

/* keep of ASK_HIDDEN */
enum hb_keep {
	HB_KEEP_NOTHING = 0,
	HB_KEEP_AUTHTOK = 1,
	HB_KEEP_OLD_AUTHTOK = 2, /* only for who said HB_KEEPS_OLD */
};

/* An ANSWER is at most this long. */
#define HB_ANSWER_MAX 4096u

/* flags of COMMAND */
enum hb_terminal_flag {
	HB_STDIN_IS_TERMINAL = 1,
	HB_STDOUT_IS_TERMINAL = 2,
};

/* op of LOOKUP */
enum hb_lookup_op {
	HB_LOOKUP_PASSWD_BY_NAME = 1,
	HB_LOOKUP_PASSWD_BY_UID = 2,
	HB_LOOKUP_GROUP_BY_NAME = 3,
	HB_LOOKUP_GROUP_BY_GID = 4,
	HB_LOOKUP_GIDS = 5,
};

#endif
