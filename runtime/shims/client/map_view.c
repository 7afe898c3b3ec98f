/*
 * The view that this process has of the map: which base, which delta, who still reads them.
 *
 * Readers take no lock: they count themselves in and out of a slot, in one of several counters so that threads do not fight for a cache line. A new view goes
 * to a free slot; an old slot is cleared once nobody is counted in. All of this lives in memory that the kernel wipes in a child after fork, which therefore begins
 * with no view and nobody inside, whatever its parent's threads were doing.
 */
#include <errno.h>
#include <pthread.h>
#include <stdalign.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "map_file.h"
#include "map_record.h"

#define SLOTS 4u
#define STRIPES 16u
#define FIRST_WAIT_NANOS UINT64_C(200000000)

/* One of the two files: the file at its path, and the map when that is usable. */
struct half {
	struct hb_map *map;
	struct hb_file_id id;
	enum hb_result state; /* HB_FOUND, HB_NO_MAP (no file) or HB_DAMAGED */
};

struct slot {
	bool used;
	struct half base, delta;
	uint64_t valid_until;
	bool usable;
};

struct counter {
	alignas(64) atomic_uint inside;
};

struct process {
	pid_t owner;          /* 0: the kernel wipes this memory in children; else compared */
	atomic_uint current;  /* slot + 1; 0: none yet */
	atomic_flag renewing;
	atomic_bool recheck;
	atomic_uint_fast64_t checked;
	atomic_uint_fast64_t stamp;
	struct slot slot[SLOTS];
	struct counter readers[SLOTS][STRIPES];
};

static _Atomic(struct process *) process;

static uint64_t coarse(clockid_t clock) {
	struct timespec now;
	if (clock_gettime(clock, &now) != 0)
		return 0;
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static struct process *this_process(void) {
	struct process *known = atomic_load_explicit(&process, memory_order_acquire), *fresh;

	if (known && (known->owner == 0 || known->owner == getpid()))
		return known;
	fresh = mmap(NULL, sizeof *fresh, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fresh == MAP_FAILED)
		return NULL;
	if (madvise(fresh, sizeof *fresh, MADV_WIPEONFORK) != 0)
		fresh->owner = getpid();
	if (!atomic_compare_exchange_strong(&process, &known, fresh)) {
		munmap(fresh, sizeof *fresh);
		return known;
	}
	return fresh;
}

static unsigned my_stripe(void) {
	uint64_t thread = (uint64_t)(uintptr_t)pthread_self();
	return (unsigned)((thread * UINT64_C(0x9E3779B97F4A7C15)) >> 60) % STRIPES;
}

static bool anybody_inside(struct process *p, unsigned slot) {
	for (unsigned i = 0; i < STRIPES; i++)
		if (atomic_load(&p->readers[slot][i].inside) != 0)
			return true;
	return false;
}

static void drop(struct half *half) {
	if (half->map && atomic_fetch_sub(&half->map->views, 1) == 1)
		hb_map_close(half->map);
	half->map = NULL;
}

/* Clears the slots that are neither current nor read; says whether one is free. */
static bool free_slot(struct process *p, unsigned *slot) {
	unsigned current = atomic_load(&p->current);
	bool found = false;

	for (unsigned i = 0; i < SLOTS; i++) {
		if (i + 1 == current || anybody_inside(p, i))
			continue;
		if (p->slot[i].used) {
			drop(&p->slot[i].base);
			drop(&p->slot[i].delta);
			p->slot[i].used = false;
		}
		*slot = i;
		found = true;
	}
	return found;
}

static bool still_there(const struct half *half, const char *path) {
	struct hb_file_id now;
	if (!hb_file_id_of(path, &now))
		return half->state == HB_NO_MAP;
	return half->state != HB_NO_MAP && hb_file_id_equal(&now, &half->id);
}

/* The file at the path now; the old half's map, with the blocks it holds, when that is still it. */
static void take(struct half *half, const struct half *old, const char *path, uint32_t kind) {
	memset(half, 0, sizeof *half);
	if (old && old->map && still_there(old, path)) {
		*half = *old;
		atomic_fetch_add(&half->map->views, 1);
		return;
	}
	half->state = hb_map_open(path, kind, true, &half->map, &half->id);
	if (half->state == HB_FOUND)
		atomic_store(&half->map->views, 1);
	else if (half->state == HB_NO_MAP && hb_file_id_of(path, &half->id))
		half->state = HB_DAMAGED; /* there, but not readable */
}

static void settle(struct slot *slot) {
	const struct hb_map *base = slot->base.map, *delta = slot->delta.map;
	slot->usable = base && slot->delta.state != HB_DAMAGED;
	slot->valid_until = base ? base->valid_until : 0;
	if (base && delta && delta->base_generation == base->generation && delta->valid_until > slot->valid_until)
		slot->valid_until = delta->valid_until;
	slot->used = true;
}

static void renew(struct process *p) {
	unsigned current = atomic_load(&p->current), target;
	struct slot *old = current ? &p->slot[current - 1] : NULL, *slot;

	if (old && still_there(&old->base, HB_BASE_PATH) && still_there(&old->delta, HB_DELTA_PATH))
		return;
	if (!free_slot(p, &target))
		return;
	slot = &p->slot[target];
	/* A delta for a later base means that the base was replaced between the two opens. */
	for (int i = 0; i < 3; i++) {
		take(&slot->delta, old ? &old->delta : NULL, HB_DELTA_PATH, HB_KIND_DELTA);
		take(&slot->base, old ? &old->base : NULL, HB_BASE_PATH, HB_KIND_BASE);
		if (!slot->base.map || !slot->delta.map || slot->delta.map->base_generation == slot->base.map->generation || i == 2)
			break;
		drop(&slot->delta);
		drop(&slot->base);
	}
	settle(slot);
	atomic_fetch_add(&p->stamp, 1);
	atomic_store(&p->current, target + 1);
	free_slot(p, &target);
}

static void nap(void) {
	struct timespec t = {.tv_nsec = 50000};
	nanosleep(&t, NULL);
}

/* One thread looks for new files; the others continue with what they have, or wait when they have nothing. */
static void check(struct process *p, uint64_t now, bool must_wait) {
	uint64_t give_up = now + FIRST_WAIT_NANOS;

	while (atomic_flag_test_and_set(&p->renewing)) {
		if (!must_wait || coarse(CLOCK_MONOTONIC) > give_up)
			return;
		nap();
	}
	atomic_store(&p->recheck, false);
	renew(p);
	atomic_store(&p->checked, now);
	atomic_flag_clear(&p->renewing);
}

static enum hb_result ask_once(struct process *p, bool again, enum hb_result (*ask)(struct hb_view *, void *), void *context) {
	uint64_t now = coarse(CLOCK_MONOTONIC_COARSE);
	unsigned stripe = my_stripe(), current = atomic_load(&p->current);
	enum hb_result result = HB_NO_MAP;
	struct hb_view view;

	if (again || current == 0)
		check(p, now, true);
	else if (now - atomic_load_explicit(&p->checked, memory_order_relaxed) >= HB_CHECK_NANOS ||
					atomic_load_explicit(&p->recheck, memory_order_relaxed))
		check(p, now, false);

	for (;;) {
		current = atomic_load(&p->current);
		if (current == 0)
			return HB_NO_MAP;
		atomic_fetch_add(&p->readers[current - 1][stripe].inside, 1);
		if (atomic_load(&p->current) == current)
			break;
		atomic_fetch_sub(&p->readers[current - 1][stripe].inside, 1);
	}

	const struct slot *slot = &p->slot[current - 1];
	if (slot->usable && (slot->valid_until == 0 || coarse(CLOCK_REALTIME_COARSE) / UINT64_C(1000000000) <= slot->valid_until)) {
		bool delta_fits = slot->delta.map && slot->delta.map->base_generation == slot->base.map->generation;
		hb_read_begin(&view.base, slot->base.map);
		hb_read_begin(&view.delta, delta_fits ? slot->delta.map : NULL);
		result = ask(&view, context);
		hb_read_end(&view.base);
		hb_read_end(&view.delta);
	}
	atomic_fetch_sub(&p->readers[current - 1][stripe].inside, 1);
	return result;
}

enum hb_result hb_with_map(enum hb_result (*ask)(struct hb_view *view, void *context), void *context) {
	int saved_errno = errno, cancel;
	struct process *p = this_process();
	enum hb_result result = HB_NO_MAP;

	if (!p)
		return HB_NO_MAP;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	for (int i = 0; i < 4; i++) {
		result = ask_once(p, i > 0, ask, context);
		if (result != HB_CHANGED)
			break;
	}
	pthread_setcancelstate(cancel, NULL);
	errno = saved_errno;
	return result == HB_CHANGED || result == HB_DAMAGED ? HB_NO_MAP : result;
}

void hb_map_recheck(void) {
	struct process *p = this_process();
	if (p)
		atomic_store(&p->recheck, true);
}

uint64_t hb_map_stamp(void) {
	struct process *p = this_process();
	return p ? atomic_load_explicit(&p->stamp, memory_order_relaxed) : 0;
}
