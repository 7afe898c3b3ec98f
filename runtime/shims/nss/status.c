#include "status.h"

#include <errno.h>

enum nss_status hb_status(enum hb_result result, int *errnop) {
	switch (result) {
	case HB_FOUND:
		return NSS_STATUS_SUCCESS;
	case HB_TOO_SMALL:
		*errnop = ERANGE;
		return NSS_STATUS_TRYAGAIN;
	default:
		return NSS_STATUS_NOTFOUND;
	}
}

enum nss_status hb_status_of_verdict(enum hb_verdict verdict, int *errnop) {
	switch (verdict) {
	case HB_NO_DAEMON:
		*errnop = ENOENT;
		return NSS_STATUS_UNAVAIL;
	case HB_NOT_YET:
		*errnop = EAGAIN;
		return NSS_STATUS_TRYAGAIN;
	default:
		return NSS_STATUS_NOTFOUND;
	}
}

enum nss_status hb_run(const struct hb_lookup *lookup, void *context, int *errnop) {
	struct hb_reply reply;
	enum hb_verdict verdict;
	enum hb_result result = hb_with_map(lookup->from_map, context);

	if (result == HB_FOUND || result == HB_NONE || result == HB_TOO_SMALL || !lookup->question)
		return hb_status(result, errnop);
	verdict = hb_ask(lookup->question, &reply);
	if (verdict == HB_ANSWERED)
		result = reply.frame.kind == (uint8_t)lookup->kind ? lookup->from_reply(&reply.frame, context) : HB_NONE;
	hb_reply_free(&reply);
	if (verdict == HB_LOOK_AGAIN) {
		hb_map_recheck();
		result = hb_with_map(lookup->from_map, context);
	} else if (verdict != HB_ANSWERED) {
		return hb_status_of_verdict(verdict, errnop);
	}
	return hb_status(result, errnop);
}
