#include "threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	AT_ONCE = 32,       /* the daemon serves 64 connections of one user */
	WAITING = 512,      /* behind those */
	SIGN_INS = 8,       /* have threads of their own: one is shown, the others wait for it */
};

static struct {
	pthread_mutex_t lock;
	threads_run run;
	int running, sign_ins, waiting;
	struct call *first, *last; /* waiting for a thread */
	struct call *done;
	int told;
} threads = { .lock = PTHREAD_MUTEX_INITIALIZER, .told = -1 };

int threads_open(threads_run run)
{
	threads.run = run;
	threads.told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return threads.told;
}

static void tell(struct call *call)
{
	uint64_t one = 1;

	call->next_done = threads.done;
	threads.done = call;
	(void)!write(threads.told, &one, sizeof one);
}

static struct call *take_waiting(void)
{
	struct call *call = threads.first;

	if (call != NULL) {
		threads.first = call->next_done;
		if (threads.first == NULL)
			threads.last = NULL;
		call->next_done = NULL;
		threads.waiting--;
	}
	return call;
}

static void *work(void *first)
{
	struct call *call = first;

	while (call != NULL) {
		bool sign_in = call->interactive;
		threads.run(call);
		pthread_mutex_lock(&threads.lock);
		tell(call);
		if (sign_in)
			threads.sign_ins--;
		call = sign_in ? NULL : take_waiting();
		if (call == NULL && !sign_in)
			threads.running--;
		pthread_mutex_unlock(&threads.lock);
	}
	return NULL;
}

/* Signals are the main thread's. */
static bool begin(struct call *call)
{
	pthread_attr_t detached;
	pthread_t thread;
	sigset_t all, before;

	if (pthread_attr_init(&detached) != 0)
		return false;
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	bool begun = pthread_create(&thread, &detached, work, call) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&detached);
	return begun;
}

bool threads_start(struct call *call)
{
	bool taken = false;

	pthread_mutex_lock(&threads.lock);
	int *count = call->interactive ? &threads.sign_ins : &threads.running;
	if (*count < (call->interactive ? SIGN_INS : AT_ONCE)) {
		taken = begin(call);
		*count += taken;
	} else if (!call->interactive && threads.waiting < WAITING) {
		if (threads.last != NULL)
			threads.last->next_done = call;
		else
			threads.first = call;
		threads.last = call;
		threads.waiting++;
		taken = true;
	}
	pthread_mutex_unlock(&threads.lock);
	return taken;
}

struct call *threads_done(void)
{
	uint64_t count;

	pthread_mutex_lock(&threads.lock);
	struct call *call = threads.done;
	if (call != NULL) {
		threads.done = call->next_done;
		call->next_done = NULL;
	} else {
		(void)!read(threads.told, &count, sizeof count);
	}
	pthread_mutex_unlock(&threads.lock);
	return call;
}

bool threads_idle(void)
{
	pthread_mutex_lock(&threads.lock);
	bool idle = threads.running == 0 && threads.sign_ins == 0;
	pthread_mutex_unlock(&threads.lock);
	return idle;
}
