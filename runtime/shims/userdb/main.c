/*
 * himmelblau_userdb LISTEN DAEMON: stands between the clients of io.systemd.UserDatabase and himmelblaud, so that a host never
 * waits for a daemon that is stuck. It knows where a message ends and nothing else of what passes.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "connection.h"
#include "pair.h"

#define PLACES 128
/* Of one uid; and of all but root, who finds a place whatever the others do. */
#define PLACES_OF_ONE 32
#define PLACES_OF_OTHERS 96
#define BACKLOG 1024
/* Accepted before those who are here already get their turn. */
#define AT_ONCE 64
#define OUT_OF_DESCRIPTORS_MS 20
/* How often the file of the socket is looked for. */
#define LOOK_MS 5000

/* So many uids are remembered for having waited in vain. */
#define RESTING 32

static struct hb_pair pairs[PLACES];

/*
 * Whose calls the daemon is not asked for at present. Each uid's own: from here a call that wants no answer, or a long one,
 * looks like a daemon that is stuck, and nobody must be able to cut off the others with it.
 */
static struct {
	uid_t uid;
	int64_t until;
} resting[RESTING];

static bool rests(uid_t uid, int64_t now)
{
	for (size_t i = 0; i < RESTING; i++)
		if (resting[i].until > now && resting[i].uid == uid)
			return true;
	return false;
}

static void rest(uid_t uid, int64_t now)
{
	size_t place = 0;

	for (size_t i = 0; i < RESTING; i++) {
		if (resting[i].until > now && resting[i].uid == uid) {
			place = i;
			break;
		}
		if (resting[i].until < resting[place].until)
			place = i;
	}
	resting[place].uid = uid;
	resting[place].until = now + HB_PAUSE_MS;
}

static bool address(const char *path, struct sockaddr_un *out)
{
	memset(out, 0, sizeof *out);
	out->sun_family = AF_UNIX;
	size_t length = strlen(path);
	if (length == 0 || length >= sizeof out->sun_path)
		return false;
	memcpy(out->sun_path, path, length);
	return true;
}

static int stream(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* A socket that is there is of one of us who has ended: the directory is ours. */
static int listen_on(const char *path)
{
	struct sockaddr_un where;
	struct stat there;

	if (!address(path, &where)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (lstat(path, &there) == 0 && S_ISSOCK(there.st_mode))
		unlink(path);
	int fd = stream();
	if (fd < 0)
		return -1;
	mode_t before = umask(0111);
	bool done = bind(fd, (const struct sockaddr *)&where, sizeof where) == 0 && listen(fd, BACKLOG) == 0;
	umask(before);
	if (done)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* The socket on which clients call, and the file by which they find it. */
struct entrance {
	const char *path;
	int fd;
	dev_t device;
	ino_t inode;
	int lost; /* why the file could not be made again, as it was last told */
};

static bool open_entrance(struct entrance *entrance)
{
	struct stat made;
	int fd = listen_on(entrance->path);

	if (fd < 0)
		return false;
	if (entrance->fd >= 0)
		close(entrance->fd);
	entrance->fd = fd;
	if (lstat(entrance->path, &made) == 0) {
		entrance->device = made.st_dev;
		entrance->inode = made.st_ino;
	}
	return true;
}

/* The file may be deleted from /run: without it no client finds the socket. What is no socket stays. */
static void look_after(struct entrance *entrance)
{
	struct stat there;

	if (lstat(entrance->path, &there) == 0 && there.st_dev == entrance->device && there.st_ino == entrance->inode)
		return;
	if (open_entrance(entrance)) {
		fprintf(stderr, "himmelblau_userdb: %s was removed and was made again\n", entrance->path);
		entrance->lost = 0;
	} else if (errno != entrance->lost) {
		entrance->lost = errno;
		fprintf(stderr, "himmelblau_userdb: %s was removed and cannot be made again: %s; does its directory exist?\n",
			entrance->path, strerror(errno));
	}
}

/* -1 when no daemon listens or too many clients wait for it. */
static int reach(const char *path)
{
	struct sockaddr_un where;
	int fd = address(path, &where) ? stream() : -1;

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&where, sizeof where) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static struct hb_pair *place_for(uid_t uid)
{
	struct hb_pair *free_one = NULL;
	int same = 0, others = 0;

	for (size_t i = 0; i < PLACES; i++) {
		if (pairs[i].client < 0) {
			free_one = &pairs[i];
			continue;
		}
		same += pairs[i].uid == uid;
		others += pairs[i].uid != 0;
	}
	if (uid != 0 && (same >= PLACES_OF_ONE || others >= PLACES_OF_OTHERS))
		return NULL;
	return free_one;
}

/* False when the client has disconnected. */
static bool welcome(int listener, const char *daemon, int64_t now)
{
	int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (client < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			poll(NULL, 0, OUT_OF_DESCRIPTORS_MS); /* it stays in the queue, and poll would name it at once */
		return false;
	}
	struct ucred peer;
	socklen_t size = sizeof peer;
	struct hb_pair *place = NULL;
	if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
		place = place_for(peer.uid);
	if (place == NULL) {
		close(client);
		return true;
	}
	hb_pair_begin(place, client, rests(peer.uid, now) ? -1 : reach(daemon), peer.uid, now);
	return true;
}

static int wait_for(struct pollfd *polled, nfds_t count, int64_t until)
{
	int64_t left = until - hb_now();

	if (left < 0)
		left = 0;
	return poll(polled, count, left > INT_MAX ? INT_MAX : (int)left);
}

_Noreturn static void serve(struct entrance *entrance, const char *daemon)
{
	struct pollfd polled[1 + 2 * PLACES];
	int64_t told = 0;
	int64_t look = hb_now() + LOOK_MS;

	for (;;) {
		int64_t until = look;
		polled[0] = (struct pollfd){ .fd = entrance->fd, .events = POLLIN };
		for (size_t i = 0; i < PLACES; i++) {
			struct hb_pair *pair = &pairs[i];
			struct pollfd *two = &polled[1 + 2 * i];
			two[0] = (struct pollfd){ .fd = pair->client };
			two[1] = (struct pollfd){ .fd = -1 };
			if (pair->client < 0)
				continue;
			two[0].events = hb_pair_client_events(pair);
			two[1].events = hb_pair_server_events(pair);
			if (two[1].events != 0) /* else its hanging up would be told again and again */
				two[1].fd = pair->server;
			if (hb_pair_deadline(pair) < until)
				until = hb_pair_deadline(pair);
		}
		if (wait_for(polled, 1 + 2 * PLACES, until) < 0 && errno != EINTR && errno != EAGAIN && errno != ENOMEM)
			abort();
		int64_t now = hb_now();
		for (size_t i = 0; i < PLACES; i++) {
			struct hb_pair *pair = &pairs[i];
			const struct pollfd *two = &polled[1 + 2 * i];
			if (pair->client < 0 || (two[0].revents == 0 && two[1].revents == 0 && now < hb_pair_deadline(pair)))
				continue;
			enum hb_pair_state state = hb_pair_step(pair, now);
			/* A peer that has hung up says so at every poll, also while nothing is wanted of it. */
			if (state == HB_PAIR_OPEN && (((unsigned)two[0].revents & (POLLHUP | POLLERR)) != 0))
				state = HB_PAIR_DONE;
			if (state == HB_PAIR_OVERDUE) {
				if (now >= told)
					fprintf(stderr, "himmelblaud does not answer lookups within %d ms; answering in its place\n",
						HB_ANSWER_MS);
				told = now + HB_PAUSE_MS;
				rest(pair->uid, now);
			}
			if (state != HB_PAIR_OPEN)
				hb_pair_end(pair);
		}
		for (int i = 0; i < AT_ONCE && (polled[0].revents & POLLIN) != 0; i++)
			if (!welcome(entrance->fd, daemon, now))
				break;
		if (now >= look) {
			look_after(entrance);
			look = now + LOOK_MS;
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 3 || argv[1][0] != '/' || argv[2][0] != '/') {
		fprintf(stderr, "Usage: himmelblau_userdb LISTEN DAEMON\n"
				"Serves io.systemd.UserDatabase on the socket LISTEN from himmelblaud's socket DAEMON.\n");
		return 2;
	}
	for (size_t i = 0; i < PLACES; i++)
		pairs[i].client = pairs[i].server = -1;
	struct entrance entrance = { .path = argv[1], .fd = -1 };
	if (!open_entrance(&entrance)) {
		fprintf(stderr, "himmelblau_userdb: cannot listen on %s: %s; does its directory exist, and does it belong to this user?\n", argv[1],
			strerror(errno));
		return 1;
	}
	serve(&entrance, argv[2]);
}
