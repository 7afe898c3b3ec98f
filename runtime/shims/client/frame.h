/* Frames of docs/protocol/socket.md, section 2. Nothing here allocates, blocks or knows what a kind means. */
#ifndef HB_FRAME_H
#define HB_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HB_FRAME_MIN 4u
#define HB_FRAME_MAX 65536u
#define HB_FRAME_FIELDS_MAX 512u
/* The length word, then at most HB_FRAME_MAX bytes. */
#define HB_FRAME_BUFFER (4u + HB_FRAME_MAX)

enum hb_frame_error {
	HB_FRAME_OK = 0,
	HB_FRAME_BAD_LENGTH,
	HB_FRAME_BAD_VERSION,
	HB_FRAME_BAD_COUNT,
	HB_FRAME_BAD_EXTENT,
};

/* Walks the fields of one frame, which stay in the caller's buffer. The first failure sticks. */
struct hb_frame {
	uint8_t kind;
	uint16_t left;
	bool failed;
	uint8_t *next;
	uint8_t *end;
};

struct hb_bytes {
	const uint8_t *data;
	uint32_t size;
};

/* What the length word announces, or 0 when no frame can be that long. */
uint32_t hb_frame_length(const uint8_t word[static 4]);

/* Checks one whole frame (with its length word) of exactly size bytes, and readies frame for reading its fields. */
enum hb_frame_error hb_frame_decode(uint8_t *buffer, size_t size, struct hb_frame *frame);

/* Each takes the next field; false when there is none, or it has the wrong form. */
bool hb_read_bytes(struct hb_frame *frame, struct hb_bytes *value);
bool hb_read_u32(struct hb_frame *frame, uint32_t *value);
bool hb_read_u64(struct hb_frame *frame, uint64_t *value);
/* The text is moved over its own length word in the buffer and terminated there; it lives as long as the buffer. */
bool hb_read_text(struct hb_frame *frame, const char **value);

/* Writes one frame into the caller's buffer. The first failure sticks and shows in hb_write_end. */
struct hb_writer {
	uint8_t *buffer;
	size_t capacity;
	size_t used;
	uint16_t count;
	bool failed;
};

void hb_write_begin(struct hb_writer *writer, uint8_t *buffer, size_t capacity, uint8_t kind);
void hb_write_bytes(struct hb_writer *writer, const void *data, size_t size);
void hb_write_u32(struct hb_writer *writer, uint32_t value);
void hb_write_u64(struct hb_writer *writer, uint64_t value);
/* NULL is an absent text. Text that is not UTF-8 fails. */
void hb_write_text(struct hb_writer *writer, const char *text);
/* The size of the whole frame, or 0 when anything failed. */
size_t hb_write_end(struct hb_writer *writer);

/* Strict UTF-8 (no overlong forms, surrogates, or code points past U+10FFFF) without NUL. */
bool hb_utf8_valid(const uint8_t *data, size_t size);

#endif
