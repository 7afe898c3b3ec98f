/*
 * Bytes from a hostile peer through everything in C that reads frames: the decoder, every kind of field, and the sign-in
 * dialogue. A fuzzer calls LLVMFuzzerTestOneInput; without one, main runs the files it is given and many small damages of each,
 * the same in every run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialogue.h"
#include "frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
	if (!holds)
		abort();
}

/* The first byte of the input says in which order the fields are read. */
static void read_fields(uint8_t order, uint8_t *bytes, size_t size)
{
	struct hb_frame frame;
	struct hb_bytes value;
	const char *text;
	uint32_t u32;
	uint64_t u64;
	unsigned fields = 0;

	if (hb_frame_decode(bytes, size, &frame) != HB_FRAME_OK) {
		require(frame.failed && !hb_read_bytes(&frame, &value));
		return;
	}
	require(hb_frame_length(bytes) == size - 4);
	for (;; order = (uint8_t)(order * 5 + 1)) {
		bool read = false;
		switch (order >> 6) {
		case 0:
			read = hb_read_bytes(&frame, &value);
			require(!read || (value.data >= bytes && value.data + value.size <= bytes + size));
			break;
		case 1:
			read = hb_read_u32(&frame, &u32);
			break;
		case 2:
			read = hb_read_u64(&frame, &u64);
			break;
		default:
			read = hb_read_text(&frame, &text);
			require(!read || hb_utf8_valid((const uint8_t *)text, strlen(text)));
			break;
		}
		if (!read)
			break;
		require(++fields <= HB_FRAME_FIELDS_MAX);
	}
	require(frame.failed);
}

/* What is written again from the fields is the same frame. */
static void write_again(uint8_t *bytes, size_t size)
{
	static uint8_t again[HB_FRAME_BUFFER];
	struct hb_frame frame;
	struct hb_writer writer;
	struct hb_bytes value;

	if (hb_frame_decode(bytes, size, &frame) != HB_FRAME_OK)
		return;
	hb_write_begin(&writer, again, sizeof again, frame.kind);
	while (frame.left > 0 && hb_read_bytes(&frame, &value))
		hb_write_bytes(&writer, value.data, value.size);
	require(hb_write_end(&writer) == size && memcmp(again, bytes, size) == 0);
}

/* One frame after the other, answered at every question. */
static void converse(enum hb_op op, uint8_t *bytes, size_t size)
{
	struct hb_dialogue dialogue = { .op = op };

	while (size >= 4 && dialogue.state != HB_FINISHED) {
		size_t length = 4 + (size_t)hb_frame_length(bytes);
		struct hb_frame frame;
		if (length == 4 || length > size)
			break;
		bool whole = hb_frame_decode(bytes, length, &frame) == HB_FRAME_OK;
		struct hb_action action = hb_dialogue_step(&dialogue, whole ? HB_EVENT_FRAME : HB_EVENT_BROKEN, &frame);
		if (action.kind == HB_DO_SHOW || action.kind == HB_DO_ASK || action.kind == HB_DO_END)
			require(whole && hb_utf8_valid((const uint8_t *)action.text, strlen(action.text)));
		if (action.kind == HB_DO_END && op == HB_OP_AUTHENTICATE && action.code == 0)
			require(action.text[0] != '\0');
		if (action.kind == HB_DO_ASK)
			action = hb_dialogue_step(&dialogue, HB_EVENT_ANSWER, NULL);
		require(action.kind != HB_DO_FAIL || dialogue.state == HB_FINISHED);
		bytes += length;
		size -= length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 4 * HB_FRAME_BUFFER)
		return 0;
	for (int use = 0; use < 3; use++) {
		/* Readers change the buffer, and the sanitizer guards the ends of an exact copy. */
		uint8_t *copy = malloc(size);
		require(copy != NULL);
		memcpy(copy, data, size);
		if (use == 0)
			read_fields(copy[0], copy + 1, size - 1);
		else if (use == 1)
			write_again(copy + 1, size - 1);
		else
			converse((enum hb_op)(copy[0] % 7), copy + 1, size - 1);
		free(copy);
	}
	return 0;
}

#ifndef HB_FUZZER
static uint64_t state = 0x9e3779b97f4a7c15u;

static uint32_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32);
}

/* Frames that say something, one behind the other, to start from. */
static size_t seed(uint8_t *out, size_t capacity)
{
	static const uint8_t kinds[] = { HB_SAY, HB_ASK_HIDDEN, HB_WARN, HB_ASK, HB_END };
	size_t used = 1;

	out[0] = (uint8_t)next_random();
	for (size_t i = 0; i < sizeof kinds; i++) {
		struct hb_writer writer;
		hb_write_begin(&writer, out + used, capacity - used, kinds[i]);
		if (kinds[i] == HB_END)
			hb_write_u32(&writer, 0);
		hb_write_text(&writer, "Gr\xc3\xbc\xc3\x9f \xf0\x9f\x94\x91");
		if (kinds[i] == HB_ASK_HIDDEN)
			hb_write_u32(&writer, 1);
		used += hb_write_end(&writer);
	}
	return used;
}

int main(int argc, char **argv)
{
	static uint8_t bytes[4 * HB_FRAME_BUFFER];
	static uint8_t damaged[4 * HB_FRAME_BUFFER];
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 200000;

	for (int i = 2; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (file == NULL) {
			perror(argv[i]);
			return 1;
		}
		(void)LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, file));
		fclose(file);
	}
	for (long round = 0; round < rounds; round++) {
		size_t size = seed(bytes, sizeof bytes);
		/* The first frame alone, or all. */
		if (next_random() % 2 == 0)
			size = 1 + 4 + (size_t)hb_frame_length(bytes + 1);
		memcpy(damaged, bytes, size);
		for (uint32_t damages = next_random() % 4; damages > 0; damages--)
			damaged[next_random() % size] = (uint8_t)next_random();
		if (next_random() % 4 == 0)
			size = 1 + next_random() % size;
		(void)LLVMFuzzerTestOneInput(damaged, size);
	}
	return 0;
}
#endif
