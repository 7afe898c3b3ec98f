/*
 * What this process was lately told "no" or "not yet" about, so that the same question costs nothing for a few seconds.
 * Forgotten when the map changes. Lock-free; an entry that is being written is simply not seen.
 */
#ifndef HB_NSS_RECENT_H
#define HB_NSS_RECENT_H

#include "ask.h"

bool hb_recent_find(const struct hb_question *question, enum hb_verdict *verdict);
void hb_recent_keep(const struct hb_question *question, enum hb_verdict verdict);

#endif
