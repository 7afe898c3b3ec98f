#include "frame.h"

#include <string.h>

#include "protocol.h"

enum { HEADER = 8 };

static uint32_t load_u32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void store_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

uint32_t hb_frame_length(const uint8_t word[static 4])
{
	uint32_t length = load_u32(word);

	return length >= HB_FRAME_MIN && length <= HB_FRAME_MAX ? length : 0;
}

enum hb_frame_error hb_frame_decode(uint8_t *buffer, size_t size, struct hb_frame *frame)
{
	memset(frame, 0, sizeof *frame);
	frame->failed = true;
	if (size < HEADER || size > HB_FRAME_BUFFER || load_u32(buffer) != size - 4)
		return HB_FRAME_BAD_LENGTH;
	if (buffer[4] != HB_PROTOCOL_VERSION)
		return HB_FRAME_BAD_VERSION;
	uint32_t count = (uint32_t)buffer[6] | (uint32_t)buffer[7] << 8;
	if (count > HB_FRAME_FIELDS_MAX)
		return HB_FRAME_BAD_COUNT;

	/* Every extent is checked once, here; the readers below still never step past end. */
	const uint8_t *at = buffer + HEADER;
	const uint8_t *end = buffer + size;
	for (uint32_t i = 0; i < count; i++) {
		if (end - at < 4)
			return HB_FRAME_BAD_EXTENT;
		uint32_t length = load_u32(at);
		at += 4;
		if ((size_t)(end - at) < length)
			return HB_FRAME_BAD_EXTENT;
		at += length;
	}
	if (at != end)
		return HB_FRAME_BAD_EXTENT;

	frame->kind = buffer[5];
	frame->left = (uint16_t)count;
	frame->next = buffer + HEADER;
	frame->end = buffer + size;
	frame->failed = false;
	return HB_FRAME_OK;
}

static uint8_t *take(struct hb_frame *frame, uint32_t *size)
{
	if (frame->failed || frame->left == 0 || frame->end - frame->next < 4) {
		frame->failed = true;
		return NULL;
	}
	uint32_t length = load_u32(frame->next);
	if ((size_t)(frame->end - frame->next) - 4 < length) {
		frame->failed = true;
		return NULL;
	}
	uint8_t *field = frame->next + 4;
	frame->next = field + length;
	frame->left--;
	*size = length;
	return field;
}

bool hb_read_bytes(struct hb_frame *frame, struct hb_bytes *value)
{
	value->size = 0;
	value->data = take(frame, &value->size);
	return value->data != NULL;
}

bool hb_read_u32(struct hb_frame *frame, uint32_t *value)
{
	uint32_t size;
	const uint8_t *field = take(frame, &size);

	if (field == NULL || size != 4) {
		frame->failed = true;
		return false;
	}
	*value = load_u32(field);
	return true;
}

bool hb_read_u64(struct hb_frame *frame, uint64_t *value)
{
	uint32_t size;
	const uint8_t *field = take(frame, &size);

	if (field == NULL || size != 8) {
		frame->failed = true;
		return false;
	}
	*value = (uint64_t)load_u32(field) | (uint64_t)load_u32(field + 4) << 32;
	return true;
}

bool hb_read_text(struct hb_frame *frame, const char **value)
{
	uint32_t size;
	uint8_t *field = take(frame, &size);

	if (field == NULL || !hb_utf8_valid(field, size)) {
		frame->failed = true;
		return false;
	}
	uint8_t *text = field - 1;
	memmove(text, field, size);
	text[size] = '\0';
	*value = (const char *)text;
	return true;
}

void hb_write_begin(struct hb_writer *writer, uint8_t *buffer, size_t capacity, uint8_t kind)
{
	*writer = (struct hb_writer){ .buffer = buffer, .capacity = capacity };
	if (writer->capacity > HB_FRAME_BUFFER)
		writer->capacity = HB_FRAME_BUFFER;
	if (writer->capacity < HEADER) {
		writer->failed = true;
		return;
	}
	memset(buffer, 0, HEADER);
	buffer[4] = HB_PROTOCOL_VERSION;
	buffer[5] = kind;
	writer->used = HEADER;
}

void hb_write_bytes(struct hb_writer *writer, const void *data, size_t size)
{
	if (writer->failed || writer->count >= HB_FRAME_FIELDS_MAX || writer->capacity - writer->used < 4 ||
	    writer->capacity - writer->used - 4 < size) {
		writer->failed = true;
		return;
	}
	store_u32(writer->buffer + writer->used, (uint32_t)size);
	if (size > 0)
		memcpy(writer->buffer + writer->used + 4, data, size);
	writer->used += 4 + size;
	writer->count++;
}

void hb_write_u32(struct hb_writer *writer, uint32_t value)
{
	uint8_t bytes[4];

	store_u32(bytes, value);
	hb_write_bytes(writer, bytes, sizeof bytes);
}

void hb_write_u64(struct hb_writer *writer, uint64_t value)
{
	uint8_t bytes[8];

	store_u32(bytes, (uint32_t)value);
	store_u32(bytes + 4, (uint32_t)(value >> 32));
	hb_write_bytes(writer, bytes, sizeof bytes);
}

void hb_write_text(struct hb_writer *writer, const char *text)
{
	size_t size = text == NULL ? 0 : strlen(text);

	if (!hb_utf8_valid((const uint8_t *)text, size))
		writer->failed = true;
	else
		hb_write_bytes(writer, text, size);
}

size_t hb_write_end(struct hb_writer *writer)
{
	if (writer->failed)
		return 0;
	store_u32(writer->buffer, (uint32_t)(writer->used - 4));
	writer->buffer[6] = (uint8_t)writer->count;
	writer->buffer[7] = (uint8_t)(writer->count >> 8);
	return writer->used;
}

bool hb_utf8_valid(const uint8_t *data, size_t size)
{
	size_t i = 0;

	while (i < size) {
		uint8_t lead = data[i++];
		if (lead == 0)
			return false;
		if (lead < 0x80)
			continue;
		size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
		if (lead < 0xC2 || lead > 0xF4 || size - i < more)
			return false;
		/* Only the first byte after the lead can make a form overlong, a surrogate or too large. */
		uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
		uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
		if (data[i] < low || data[i] > high)
			return false;
		for (size_t k = 1; k < more; k++)
			if (data[i + k] < 0x80 || data[i + k] > 0xBF)
				return false;
		i += more;
	}
	return true;
}
