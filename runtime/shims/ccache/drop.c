#include "drop.h"

#include <stdio.h>

#define MOST_CACHES 256 /* a user may have made any number */

int drop(const struct library *library, krb5_context context) {
    krb5_ccache ours[MOST_CACHES];
    size_t count = 0;
    krb5_cccol_cursor cursor = NULL;
    krb5_error_code code = library->krb5_cccol_cursor_new(context, &cursor);
    if (code != 0) {
        return library_failed(library, context, "the credential caches cannot be listed", code);
    }
    for (size_t seen = 0; seen < MOST_CACHES; seen++) {
        krb5_ccache cache = NULL;
        if (library->krb5_cccol_cursor_next(context, cursor, &cache) != 0 || cache == NULL) {
            break;
        }
        if (library_marked(library, context, cache)) {
            ours[count++] = cache;
        } else {
            library->krb5_cc_close(context, cache);
        }
    }
    library->krb5_cccol_cursor_free(context, &cursor);
    int outcome = DONE;
    for (size_t i = 0; i < count; i++) { /* after the listing, which would lose its place */
        code = library->krb5_cc_destroy(context, ours[i]);
        if (code != 0) {
            outcome = library_failed(library, context, "a credential cache cannot be removed", code);
        }
    }
    if (outcome == DONE) {
        printf("%zu credential caches are removed\n", count);
    }
    return outcome;
}
