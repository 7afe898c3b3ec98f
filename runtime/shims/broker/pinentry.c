#include "pinentry.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "number.h"

/* What pinentry answers when the user does not want to: GPG_ERR_CANCELED and GPG_ERR_NOT_CONFIRMED, without their source. */
enum { CANCELLED_ = 99, NOT_CONFIRMED = 114 };

/* Reads so much text as fits into a line, whole characters only, with what would end the line escaped. */
static void command(struct pinentry *pinentry, const char *verb, const char *text)
{
	char *line = pinentry->lines[pinentry->count++];
	size_t used = (size_t)snprintf(line, PINENTRY_LINE, "%s%s", verb, text == NULL ? "" : " ");

	for (const char *at = text == NULL ? "" : text; *at != '\0';) {
		size_t length = 1;
		while (((unsigned char)at[length] & 0xC0u) == 0x80u)
			length++;
		bool escaped = *at == '%' || *at == '\n' || *at == '\r';
		if (used + (escaped ? 3 : length) > PINENTRY_LINE)
			break;
		if (escaped)
			used += (size_t)snprintf(line + used, 4, "%%%02X", (unsigned)(unsigned char)*at);
		else {
			memcpy(line + used, at, length);
			used += length;
		}
		at += length;
	}
	line[used++] = '\n';
	line[used] = '\0';
}

/* In the child of a process with threads: only what may be called there. */
_Noreturn static void become_pinentry(int end, pid_t parent)
{
	char *const words[] = { (char[]){ "pinentry" }, NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* When we are killed, no window stays that nobody listens to. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent && dup2(end, STDIN_FILENO) >= 0 && dup2(end, STDOUT_FILENO) >= 0)
		execvp(words[0], words);
	_exit(127);
}

/* Both directions on one socket: unlike a pipe it can be written to without SIGPIPE. */
static bool start(struct pinentry *pinentry)
{
	int ends[2];
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	pinentry->pid = fork();
	if (pinentry->pid == 0)
		become_pinentry(ends[1], parent);
	close(ends[1]);
	pinentry->fd = ends[0];
	if (pinentry->pid > 0)
		return true;
	pinentry->pid = 0;
	close(ends[0]);
	return false;
}

bool pinentry_ask(struct pinentry *pinentry, const char *text, const char *prompt)
{
	memset(pinentry, 0, sizeof *pinentry);
	command(pinentry, "SETTITLE", "Microsoft Entra ID");
	command(pinentry, "SETDESC", text);
	command(pinentry, "SETPROMPT", prompt);
	command(pinentry, "GETPIN", NULL);
	return start(pinentry);
}

bool pinentry_show(struct pinentry *pinentry, const char *text)
{
	memset(pinentry, 0, sizeof *pinentry);
	command(pinentry, "SETTITLE", "Microsoft Entra ID");
	command(pinentry, "SETDESC", text);
	command(pinentry, "CONFIRM", NULL);
	return start(pinentry);
}

static int hex(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* A part of the answer; false when it is longer than an answer may be. */
static bool take_data(struct pinentry *pinentry, const char *data)
{
	for (; *data != '\0'; data++) {
		if (pinentry->size == sizeof pinentry->answer)
			return false;
		uint8_t byte = (uint8_t)*data;
		if (*data == '%' && hex(data[1]) >= 0 && hex(data[2]) >= 0) {
			byte = (uint8_t)(hex(data[1]) * 16 + hex(data[2]));
			data += 2;
		}
		pinentry->answer[pinentry->size++] = byte;
	}
	return true;
}

static bool send_next(struct pinentry *pinentry)
{
	const char *line = pinentry->lines[pinentry->sent++];
	size_t size = strlen(line);

	return send(pinentry->fd, line, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size;
}

static bool is_word(const char *line, const char *word)
{
	size_t length = strlen(word);

	return strncmp(line, word, length) == 0 && (line[length] == ' ' || line[length] == '\0');
}

static enum pinentry_state take_line(struct pinentry *pinentry, const char *line)
{
	bool last = pinentry->sent == pinentry->count;

	if (line[0] == '#' || line[0] == '\0' || is_word(line, "S"))
		return PINENTRY_OPEN;
	if (strncmp(line, "D ", 2) == 0)
		return last && take_data(pinentry, line + 2) ? PINENTRY_OPEN : PINENTRY_BROKEN;
	if (is_word(line, "OK"))
		return last ? PINENTRY_DONE : send_next(pinentry) ? PINENTRY_OPEN : PINENTRY_BROKEN;
	if (is_word(line, "ERR") && last) {
		const char *number = line + strlen("ERR");
		uint32_t code = 0;
		bool known = hb_number(*number == ' ' ? number + 1 : number, &code);
		code &= 0xFFFFu;
		return known && (code == CANCELLED_ || code == NOT_CONFIRMED) ? PINENTRY_CANCELLED : PINENTRY_BROKEN;
	}
	return PINENTRY_BROKEN;
}

enum pinentry_state pinentry_read(struct pinentry *pinentry)
{
	ssize_t count = recv(pinentry->fd, pinentry->heard + pinentry->have, sizeof pinentry->heard - 1 - pinentry->have,
			     MSG_DONTWAIT);
	if (count < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
		return PINENTRY_OPEN;
	if (count <= 0)
		return PINENTRY_BROKEN;
	pinentry->have += (size_t)count;
	for (;;) {
		char *end = memchr(pinentry->heard, '\n', pinentry->have);
		if (end == NULL)
			return pinentry->have < sizeof pinentry->heard - 1 ? PINENTRY_OPEN : PINENTRY_BROKEN;
		size_t length = (size_t)(end - pinentry->heard) + 1;
		/* No NUL in a line: take_line would see half of it. */
		if (memchr(pinentry->heard, '\0', length) != NULL)
			return PINENTRY_BROKEN;
		*end = '\0';
		enum pinentry_state state = take_line(pinentry, pinentry->heard);
		memmove(pinentry->heard, end + 1, pinentry->have - length);
		pinentry->have -= length;
		explicit_bzero(pinentry->heard + pinentry->have, length);
		if (state != PINENTRY_OPEN)
			return state;
	}
}

/* One that does not end by itself within half a second is killed. */
static void end(pid_t pid)
{
	struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	kill(pid, SIGTERM);
	for (int i = 0; i < 50; i++) {
		pid_t ended = waitpid(pid, NULL, WNOHANG);
		if (ended == pid || (ended < 0 && errno == ECHILD))
			return;
		nanosleep(&pause, NULL);
	}
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void pinentry_close(struct pinentry *pinentry)
{
	if (pinentry->pid > 0) {
		close(pinentry->fd);
		end(pinentry->pid);
	}
	explicit_bzero(pinentry, sizeof *pinentry);
}
