/* Every line of testing/vectors/frames against the codec. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"
#include "frame.h"

enum { WORDS_MAX = 4 + 1 + HB_FRAME_FIELDS_MAX };

static int failures;

__attribute__((format(printf, 2, 3))) static void complain(const char *name, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "%s: ", name);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	failures++;
}

/* A copy exactly as large as it is, so that the sanitizer sees a step beyond it. */
static uint8_t *unhex(const char *text, size_t *size)
{
	size_t capacity = 2 * HB_FRAME_BUFFER;
	uint8_t *out = malloc(capacity);
	size_t run = 0;

	*size = 0;
	if (out == NULL)
		abort();
	while (*text != '\0') {
		unsigned value;
		if (*text == '-') {
			text++;
		} else if (*text == '(') {
			run = *size;
			text++;
		} else if (*text == '*') {
			char *after;
			size_t times = strtoul(text + 1, &after, 10);
			size_t length = *size - run;
			for (size_t i = 1; i < times; i++) {
				if (*size + length > capacity)
					abort();
				memcpy(out + *size, out + run, length);
				*size += length;
			}
			text = after + 1;
		} else if (sscanf(text, "%2x", &value) == 1 && *size < capacity) {
			out[(*size)++] = (uint8_t)value;
			text += 2;
		} else {
			abort();
		}
	}
	return realloc(out, *size > 0 ? *size : 1);
}

static void check_good(char **words, int count)
{
	static uint8_t written[HB_FRAME_BUFFER];
	struct hb_frame frame;
	struct hb_writer writer;
	struct hb_bytes value;
	size_t size;
	uint8_t *bytes = unhex(words[3], &size);

	if (hb_frame_length(bytes) != size - 4 || hb_frame_decode(bytes, size, &frame) != HB_FRAME_OK) {
		complain(words[1], "was refused");
		free(bytes);
		return;
	}
	if (frame.kind != strtoul(words[2], NULL, 16))
		complain(words[1], "has kind 0x%02x", frame.kind);
	hb_write_begin(&writer, written, sizeof written, frame.kind);
	for (int i = 4; i < count; i++) {
		size_t field_size;
		uint8_t *field = unhex(words[i], &field_size);
		if (!hb_read_bytes(&frame, &value) || value.size != field_size || memcmp(value.data, field, field_size) != 0)
			complain(words[1], "field %d was read as something else", i - 3);
		hb_write_bytes(&writer, field, field_size);
		free(field);
	}
	if (frame.left != 0 || hb_read_bytes(&frame, &value) || !frame.failed)
		complain(words[1], "has more fields than it has");
	if (hb_write_end(&writer) != size || memcmp(written, bytes, size) != 0)
		complain(words[1], "is written differently than it is read");
	free(bytes);
}

static void check_bad(char **words)
{
	enum hb_frame_error expected = strcmp(words[2], "version") == 0 ? HB_FRAME_BAD_VERSION
				       : strcmp(words[2], "count") == 0 ? HB_FRAME_BAD_COUNT
				       : strcmp(words[2], "extent") == 0 ? HB_FRAME_BAD_EXTENT
									 : HB_FRAME_BAD_LENGTH;
	struct hb_frame frame;
	struct hb_bytes value;
	size_t size;
	uint8_t *bytes = unhex(words[3], &size);

	if (hb_frame_decode(bytes, size, &frame) != expected)
		complain(words[1], "was not refused as %s", words[2]);
	if (hb_read_bytes(&frame, &value))
		complain(words[1], "gave a field all the same");
	free(bytes);
}

static void check_text(char **words)
{
	uint8_t buffer[64];
	struct hb_writer writer;
	struct hb_frame frame;
	const char *text = NULL;
	size_t size;
	uint8_t *bytes = unhex(words[1], &size);
	bool good = words[0][0] == 'g';

	hb_write_begin(&writer, buffer, sizeof buffer, 0x20);
	hb_write_bytes(&writer, bytes, size);
	if (hb_frame_decode(buffer, hb_write_end(&writer), &frame) != HB_FRAME_OK || hb_read_text(&frame, &text) != good)
		complain(words[1], "a text was %s", good ? "refused" : "accepted");
	if (good && text != NULL && (strlen(text) != size || memcmp(text, bytes, size) != 0))
		complain(words[1], "a text was read as another");
	free(bytes);
}

static int each_line(const char *directory, const char *file)
{
	static char line[1 << 18];
	static char *words[WORDS_MAX];
	char path[4096];
	int lines = 0;

	snprintf(path, sizeof path, "%s/%s", directory, file);
	FILE *vectors = fopen(path, "r");
	if (vectors == NULL) {
		complain(path, "%s", strerror(errno));
		return 0;
	}
	while (fgets(line, sizeof line, vectors) != NULL) {
		int count = 0;
		char *rest = line;
		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		for (char *word; count < WORDS_MAX && (word = strsep(&rest, " ")) != NULL;)
			words[count++] = word;
		if (strcmp(file, "texts.txt") == 0)
			check_text(words);
		else if (words[0][0] == 'g')
			check_good(words, count);
		else
			check_bad(words);
		lines++;
	}
	fclose(vectors);
	return lines;
}

/* What the vectors cannot show: numbers of a wrong size, and that a writer stops at its limits. */
static void check_numbers(void)
{
	uint8_t buffer[64];

	for (size_t size = 0; size < 10; size++) {
		struct hb_writer writer;
		struct hb_frame frame;
		uint32_t u32;
		uint64_t u64;
		hb_write_begin(&writer, buffer, sizeof buffer, 0x26);
		hb_write_bytes(&writer, "\x01\x02\x03\x04\x05\x06\x07\x08\x09", size);
		size_t whole = hb_write_end(&writer);
		(void)hb_frame_decode(buffer, whole, &frame);
		if (hb_read_u32(&frame, &u32) != (size == 4) || (size == 4 && u32 != 0x04030201))
			complain("u32", "of %zu bytes", size);
		(void)hb_frame_decode(buffer, whole, &frame);
		if (hb_read_u64(&frame, &u64) != (size == 8) || (size == 8 && u64 != 0x0807060504030201))
			complain("u64", "of %zu bytes", size);
	}
}

static void check_writer(void)
{
	static uint8_t buffer[HB_FRAME_BUFFER + 1];
	static uint8_t big[HB_FRAME_MAX];
	struct hb_writer writer;

	hb_write_begin(&writer, buffer, sizeof buffer, 0x24);
	hb_write_bytes(&writer, big, HB_FRAME_MAX - 8);
	if (hb_write_end(&writer) != HB_FRAME_BUFFER)
		complain("writer", "the largest frame was refused");
	hb_write_begin(&writer, buffer, sizeof buffer, 0x24);
	hb_write_bytes(&writer, big, HB_FRAME_MAX - 7);
	if (hb_write_end(&writer) != 0)
		complain("writer", "a frame past the limit was written");
	hb_write_begin(&writer, buffer, sizeof buffer, 0x51);
	for (unsigned i = 0; i < HB_FRAME_FIELDS_MAX + 1; i++)
		hb_write_bytes(&writer, NULL, 0);
	if (hb_write_end(&writer) != 0)
		complain("writer", "513 fields were written");
	hb_write_begin(&writer, buffer, 7, 0x12);
	if (hb_write_end(&writer) != 0)
		complain("writer", "a header was written into seven bytes");
	hb_write_begin(&writer, buffer, sizeof buffer, 0x20);
	hb_write_text(&writer, "J\xfcrgen");
	hb_write_text(&writer, "fine");
	if (hb_write_end(&writer) != 0)
		complain("writer", "text that is not UTF-8 was written");
	hb_write_begin(&writer, buffer, sizeof buffer, 0x20);
	hb_write_text(&writer, NULL);
	if (hb_write_end(&writer) != 12)
		complain("writer", "an absent text is not an empty field");
}

/* A frame that another end sends into a buffer of this size; the sanitizer watches what lies beyond. */
static enum hb_io receive(size_t capacity, size_t size)
{
	int ends[2];
	uint8_t sent[64] = { 0 };
	struct hb_frame frame;
	struct hb_connection connection = { .capacity = capacity };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
		abort();
	connection.fd = ends[0];
	connection.buffer = malloc(capacity);
	struct hb_writer writer;
	hb_write_begin(&writer, sent, sizeof sent, 0x26);
	hb_write_bytes(&writer, "0123456789abcdefghijklmnopqrstuvwxyz", size - 12);
	if (connection.buffer == NULL || hb_write_end(&writer) != size || write(ends[1], sent, size) != (ssize_t)size)
		abort();
	enum hb_io result = hb_receive(&connection, &frame, hb_now() + 1000);
	free(connection.buffer);
	close(ends[0]);
	close(ends[1]);
	return result;
}

static void check_room(void)
{
	for (size_t size = 12; size <= 40; size++)
		for (size_t capacity = 8; capacity <= 48; capacity++)
			if (receive(capacity, size) != (size <= capacity ? HB_IO_OK : HB_IO_MALFORMED))
				complain("connection", "a frame of %zu bytes into %zu", size, capacity);
}

/* Sizes that are no frame's, whatever the length in the buffer says. */
static void check_size(void)
{
	static uint8_t buffer[HB_FRAME_BUFFER + 1], big[HB_FRAME_MAX];
	struct hb_writer writer;
	struct hb_frame frame;

	hb_write_begin(&writer, buffer, sizeof buffer, 0x26);
	hb_write_bytes(&writer, big, HB_FRAME_MAX - 8);
	if (hb_write_end(&writer) != HB_FRAME_BUFFER || hb_frame_decode(buffer, HB_FRAME_BUFFER, &frame) != HB_FRAME_OK)
		complain("decode", "the largest frame was refused");
	for (int i = 0; i < 4; i++) {
		buffer[i] = (uint8_t)((HB_FRAME_MAX + 1) >> (8 * i));
		buffer[8 + i] = (uint8_t)((HB_FRAME_MAX - 7) >> (8 * i));
	}
	if (hb_frame_decode(buffer, HB_FRAME_BUFFER + 1, &frame) != HB_FRAME_BAD_LENGTH)
		complain("decode", "a frame past the limit was accepted");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	int frames = each_line(argv[1], "frames.txt");
	int texts = each_line(argv[1], "texts.txt");
	check_numbers();
	check_writer();
	check_room();
	check_size();
	printf("%d frames, %d texts, %d failures\n", frames, texts, failures);
	return failures > 0 || frames < 40 || texts < 25;
}
