/* One client of the user database and our connection to the daemon on its behalf: bytes pass through, time is bounded. */
#ifndef HB_USERDB_PAIR_H
#define HB_USERDB_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A client of systemd's waits 45 seconds for an answer, and every lookup of a host may be such a client. So no client waits longer than this for a daemon that is stuck; with the 250 ms of the NSS module it stays below 300.
 */
#define HB_ANSWER_MS 30
/* The maximum time between two parts of an answer. */
#define HB_PIECE_MS 1000
/* No client keeps a connection without sending for longer than this. */
#define HB_IDLE_MS 15000
/* After one call without an answer the daemon is not asked for so long, for the uid whose call it was. */
#define HB_PAUSE_MS 1000

/* Bytes from one end that the other has not taken yet. */
struct hb_flow {
	uint8_t data[8192];
	size_t begin;
	size_t end;
	bool ended;
};

struct hb_pair {
	int client; /* -1: the place is free */
	int server; /* -1: no daemon there, the call is answered here */
	uid_t uid;
	struct hb_flow up;
	struct hb_flow down;
	int64_t answer; /* when an answer, or its next piece, is overdue; 0: none is owed */
	int64_t idle;
	bool midway;
};

enum hb_pair_state {
	HB_PAIR_OPEN = 0,
	HB_PAIR_DONE,
	HB_PAIR_OVERDUE, /* done, and the daemon has not answered */
};

/* Takes both descriptors; server may be -1. */
void hb_pair_begin(struct hb_pair *pair, int client, int server, uid_t uid, int64_t now);

/* What to poll for. */
short hb_pair_client_events(const struct hb_pair *pair);
short hb_pair_server_events(const struct hb_pair *pair);

/* When hb_pair_step has to be called even if nothing happens. */
int64_t hb_pair_deadline(const struct hb_pair *pair);

/* Moves what can be moved. The caller ends a pair that is not open any more. */
enum hb_pair_state hb_pair_step(struct hb_pair *pair, int64_t now);

void hb_pair_end(struct hb_pair *pair);

#endif
