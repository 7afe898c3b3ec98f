#include "pair.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char NO_ANSWER[] = "{\"error\":\"io.systemd.UserDatabase.ServiceNotAvailable\",\"parameters\":{}}";

void hb_pair_begin(struct hb_pair *pair, int client, int server, uid_t uid, int64_t now)
{
	pair->client = client;
	pair->server = server;
	pair->uid = uid;
	pair->up.begin = pair->up.end = pair->down.begin = pair->down.end = 0;
	pair->up.ended = pair->down.ended = false;
	pair->answer = 0;
	pair->idle = now + HB_IDLE_MS;
	pair->midway = false;
}

static bool empty(const struct hb_flow *flow)
{
	return flow->begin == flow->end;
}

/* Without a daemon the flow only gathers the call, else it takes more when the last is gone. */
static bool wants_call(const struct hb_pair *pair)
{
	return !pair->up.ended && (pair->server < 0 || empty(&pair->up));
}

short hb_pair_client_events(const struct hb_pair *pair)
{
	short events = wants_call(pair) ? POLLIN : 0;

	return (short)(events | (empty(&pair->down) ? 0 : POLLOUT));
}

short hb_pair_server_events(const struct hb_pair *pair)
{
	short events = empty(&pair->down) && !pair->down.ended ? POLLIN : 0;

	return (short)(events | (empty(&pair->up) ? 0 : POLLOUT));
}

int64_t hb_pair_deadline(const struct hb_pair *pair)
{
	/* Not for a client that leaves the last piece unread: that is the idle time's. */
	bool owed = pair->answer != 0 && empty(&pair->down);

	return owed && pair->answer < pair->idle ? pair->answer : pair->idle;
}

/* Adds what fd has to the flow. Returns the count, 0 for nothing now or at the end, -1 when fd is broken or the flow full. */
static ssize_t take(struct hb_flow *flow, int fd)
{
	if (empty(flow))
		flow->begin = flow->end = 0;
	if (flow->end == sizeof flow->data)
		return -1;
	ssize_t count = recv(fd, flow->data + flow->end, sizeof flow->data - flow->end, MSG_DONTWAIT);
	if (count > 0)
		flow->end += (size_t)count;
	else if (count == 0)
		flow->ended = true;
	else if (errno == EAGAIN || errno == EINTR)
		count = 0;
	return count;
}

static bool give(struct hb_flow *flow, int fd)
{
	while (!empty(flow)) {
		ssize_t count = send(fd, flow->data + flow->begin, flow->end - flow->begin, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (count < 0)
			return errno == EAGAIN || errno == EINTR;
		flow->begin += (size_t)count;
	}
	return true;
}

/* False when the client is gone. */
static bool hear_client(struct hb_pair *pair, int64_t now)
{
	size_t before = empty(&pair->up) ? 0 : pair->up.end;
	ssize_t count = take(&pair->up, pair->client);

	if (count > 0) {
		pair->idle = now + HB_IDLE_MS;
		if (pair->answer == 0 && memchr(pair->up.data + before, 0, (size_t)count) != NULL)
			pair->answer = now + HB_ANSWER_MS;
	}
	return count >= 0;
}

/* False when the daemon is gone. */
static bool hear_server(struct hb_pair *pair, int64_t now)
{
	ssize_t count = take(&pair->down, pair->server);

	if (count > 0) {
		pair->idle = now + HB_IDLE_MS;
		pair->midway = pair->down.data[pair->down.end - 1] != 0;
		pair->answer = pair->midway ? now + HB_PIECE_MS : 0;
	}
	return count >= 0;
}

static void apologise(const struct hb_pair *pair)
{
	/* The closing NUL belongs to the message. A client that does not read it loses nothing. */
	if (!pair->midway && empty(&pair->down))
		(void)!send(pair->client, NO_ANSWER, sizeof NO_ANSWER, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static enum hb_pair_state step_alone(struct hb_pair *pair, int64_t now)
{
	if (!hear_client(pair, now) || now >= pair->idle)
		return HB_PAIR_DONE;
	if (pair->answer != 0) {
		apologise(pair);
		return HB_PAIR_DONE;
	}
	return pair->up.ended ? HB_PAIR_DONE : HB_PAIR_OPEN;
}

enum hb_pair_state hb_pair_step(struct hb_pair *pair, int64_t now)
{
	if (pair->server < 0)
		return step_alone(pair, now);
	if (wants_call(pair)) {
		if (!hear_client(pair, now))
			return HB_PAIR_DONE;
		if (pair->up.ended)
			shutdown(pair->server, SHUT_WR); /* nothing is left to give: it was empty before */
	}
	bool daemon = give(&pair->up, pair->server);
	if (daemon && empty(&pair->down) && !pair->down.ended)
		daemon = hear_server(pair, now);
	bool waited = !empty(&pair->down);
	if (!give(&pair->down, pair->client))
		return HB_PAIR_DONE;
	if (waited && empty(&pair->down) && pair->answer != 0)
		pair->answer = now + HB_PIECE_MS; /* while the client let us wait the daemon could not continue */
	if (!daemon || (pair->down.ended && empty(&pair->down))) {
		if (pair->answer != 0)
			apologise(pair); /* it died over the call */
		return HB_PAIR_DONE;
	}
	if (pair->answer != 0 && now >= pair->answer && empty(&pair->down)) {
		apologise(pair);
		return HB_PAIR_OVERDUE;
	}
	return now >= pair->idle ? HB_PAIR_DONE : HB_PAIR_OPEN;
}

void hb_pair_end(struct hb_pair *pair)
{
	close(pair->client);
	if (pair->server >= 0)
		close(pair->server);
	pair->client = pair->server = -1;
}
