#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios found;
static bool is_terminal;
static volatile sig_atomic_t mode = TERMINAL_AS_FOUND;
static uint8_t pending[4096];
static size_t pending_from;
static size_t pending_to;

/* Only calls that signal-safety(7) allows. */
static void apply(int wanted)
{
	struct termios changed = found;

	if (!is_terminal)
		return;
	if (wanted == TERMINAL_NO_ECHO)
		changed.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	else if (wanted == TERMINAL_RAW)
		cfmakeraw(&changed);
	tcsetattr(STDIN_FILENO, TCSANOW, &changed);
}

static void on_end(int signal_number)
{
	int saved = errno;

	apply(TERMINAL_AS_FOUND);
	errno = saved;
	/* SA_RESETHAND is set: delivered again, with its default effect, as soon as this handler returns. */
	raise(signal_number);
}

static void on_stop(int signal_number)
{
	int saved = errno;

	(void)signal_number;
	apply(TERMINAL_AS_FOUND);
	raise(SIGSTOP);
	apply(mode);
	errno = saved;
}

static void handle(int signal_number, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	/* nohup and the like have asked for less. */
	if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(signal_number, &action, NULL);
}

void terminal_open(void)
{
	is_terminal = tcgetattr(STDIN_FILENO, &found) == 0;
	signal(SIGPIPE, SIG_IGN);
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2 };
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		handle(ends[i], on_end, (int)SA_RESETHAND);
	handle(SIGTSTP, on_stop, SA_RESTART);
}

void terminal_set(enum terminal_mode wanted)
{
	if ((int)wanted == mode)
		return;
	/* mode first: a signal in between then restores what apply is about to change. */
	mode = wanted;
	apply(wanted);
}

bool terminal_write(int fd, const void *data, size_t size)
{
	const uint8_t *at = data;

	while (size > 0) {
		ssize_t count = write(fd, at, size);
		if (count > 0) {
			at += count;
			size -= (size_t)count;
		} else if (count < 0 && errno == EAGAIN) {
			struct pollfd poller = { .fd = fd, .events = POLLOUT };
			(void)poll(&poller, 1, -1);
		} else if (count < 0 && errno != EINTR) {
			return false;
		}
	}
	return true;
}

bool terminal_pending(void)
{
	return pending_from < pending_to;
}

/* Refills what is pending; 0 at the end, -1 on an error. */
static ssize_t refill(void)
{
	ssize_t count;

	do
		count = read(STDIN_FILENO, pending, sizeof pending);
	while (count < 0 && errno == EINTR);
	pending_from = 0;
	pending_to = count > 0 ? (size_t)count : 0;
	return count;
}

ssize_t terminal_read(uint8_t *data, size_t capacity)
{
	if (!terminal_pending()) {
		ssize_t count = refill();
		if (count <= 0)
			return count;
	}
	size_t size = pending_to - pending_from < capacity ? pending_to - pending_from : capacity;
	memcpy(data, pending + pending_from, size);
	explicit_bzero(pending + pending_from, size);
	pending_from += size;
	return (ssize_t)size;
}

/* False when watch_fd has something first. */
static bool await_input(int watch_fd)
{
	struct pollfd pollers[2] = { { .fd = watch_fd, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };

	while (poll(pollers, 2, -1) < 0 && errno == EINTR)
		;
	return pollers[0].revents == 0;
}

static enum terminal_line read_line(int watch_fd, uint8_t *line, size_t capacity, size_t *size)
{
	bool too_long = false;
	uint8_t byte;

	*size = 0;
	for (;;) {
		if (!terminal_pending() && !await_input(watch_fd))
			return LINE_OVERTAKEN;
		if (terminal_read(&byte, 1) <= 0)
			return *size > 0 && !too_long ? LINE_READ : LINE_END;
		if (byte == '\n')
			return too_long ? LINE_END : LINE_READ;
		if (*size < capacity)
			line[(*size)++] = byte;
		else
			too_long = true;
	}
}

enum terminal_line terminal_ask(const char *prompt, bool hidden, int watch_fd, uint8_t *line, size_t capacity,
				size_t *size)
{
	if (hidden)
		terminal_set(TERMINAL_NO_ECHO);
	(void)terminal_write(STDOUT_FILENO, prompt, strlen(prompt));
	enum terminal_line result = read_line(watch_fd, line, capacity, size);
	if (hidden)
		terminal_set(TERMINAL_AS_FOUND);
	if (is_terminal && (hidden || result != LINE_READ))
		(void)terminal_write(STDOUT_FILENO, "\n", 1);
	return result;
}
