#include "recent.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "map.h"
#include "map_hash.h"

#define ENTRIES 256u
#define WORDS 6u /* keys of up to 48 bytes; longer ones are asked every time */
#define NOT_THERE_SECONDS 5
#define NOT_YET_SECONDS 1

/* Every field is atomic and the sequence is odd while one writes, so a torn entry is noticed, not believed. */
struct entry {
	atomic_uint sequence;
	atomic_uint head; /* op, verdict, length */
	_Atomic int64_t until;
	_Atomic uint64_t stamp;
	_Atomic uint64_t key[WORDS];
};

static struct entry entries[ENTRIES];

static int64_t seconds(void) {
	struct timespec now;
	return clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0 ? (int64_t)now.tv_sec : 0;
}

static struct entry *place(const struct hb_question *q, uint64_t words[WORDS]) {
	if (q->length > sizeof(uint64_t) * WORDS)
		return NULL;
	memset(words, 0, sizeof(uint64_t) * WORDS);
	memcpy(words, q->key, q->length);
	return &entries[hb_hash(words, sizeof(uint64_t) * WORDS, q->op) % ENTRIES];
}

static unsigned head_of(const struct hb_question *q, enum hb_verdict verdict) {
	return (unsigned)q->op | (unsigned)verdict << 8 | (unsigned)q->length << 16;
}

bool hb_recent_find(const struct hb_question *q, enum hb_verdict *verdict) {
	uint64_t words[WORDS];
	struct entry *e = place(q, words);
	unsigned before, head;
	bool same = true;

	if (!e)
		return false;
	before = atomic_load_explicit(&e->sequence, memory_order_acquire);
	if (before == 0 || before % 2 != 0)
		return false;
	head = atomic_load_explicit(&e->head, memory_order_relaxed);
	for (unsigned i = 0; i < WORDS; i++)
		same = same && atomic_load_explicit(&e->key[i], memory_order_relaxed) == words[i];
	same = same && atomic_load_explicit(&e->until, memory_order_relaxed) > seconds() &&
		atomic_load_explicit(&e->stamp, memory_order_relaxed) == hb_map_stamp();
	atomic_thread_fence(memory_order_acquire);
	if (!same || atomic_load_explicit(&e->sequence, memory_order_relaxed) != before)
		return false;
	*verdict = head >> 8 & 0xff;
	return head == head_of(q, *verdict);
}

void hb_recent_keep(const struct hb_question *q, enum hb_verdict verdict) {
	uint64_t words[WORDS];
	struct entry *e = place(q, words);
	unsigned before;

	if (!e)
		return;
	before = atomic_load_explicit(&e->sequence, memory_order_relaxed);
	if (before % 2 != 0 || !atomic_compare_exchange_strong_explicit(&e->sequence, &before, before + 1, memory_order_acq_rel, memory_order_relaxed))
		return;
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&e->head, head_of(q, verdict), memory_order_relaxed);
	for (unsigned i = 0; i < WORDS; i++)
		atomic_store_explicit(&e->key[i], words[i], memory_order_relaxed);
	atomic_store_explicit(&e->until, seconds() + (verdict == HB_NOT_THERE ? NOT_THERE_SECONDS : NOT_YET_SECONDS), memory_order_relaxed);
	atomic_store_explicit(&e->stamp, hb_map_stamp(), memory_order_relaxed);
	atomic_store_explicit(&e->sequence, before + 2, memory_order_release);
}
