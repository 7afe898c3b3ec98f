/* From what a lookup came to, to what glibc is told. */
#ifndef HB_NSS_STATUS_H
#define HB_NSS_STATUS_H

#include <nss.h>

#include "ask.h"
#include "map.h"

/* Found, not there, or too small a buffer. */
enum nss_status hb_status(enum hb_result result, int *errnop);
/* For a question that brought no answer. */
enum nss_status hb_status_of_verdict(enum hb_verdict verdict, int *errnop);

/*
 * One lookup: the map, then the daemon, then perhaps the map again. `from_map` runs on a view with the context;
 * `from_reply` takes a reply of kind `kind`. No question (NULL): a miss is "not found".
 */
struct hb_lookup {
	enum hb_result (*from_map)(struct hb_view *view, void *context);
	enum hb_result (*from_reply)(struct hb_frame *reply, void *context);
	enum hb_kind kind;
	const struct hb_question *question;
};
enum nss_status hb_run(const struct hb_lookup *lookup, void *context, int *errnop);

#endif
