#include "keep.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define MOST_BYTES (64 * 1024)

/* Standard input as a file in memory, or -1. The library reads it itself: nothing is taken apart here. */
static int input(void) {
    static unsigned char bytes[MOST_BYTES + 1];
    size_t size = 0;
    while (size < sizeof bytes) {
        ssize_t got = read(STDIN_FILENO, bytes + size, sizeof bytes - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        size += (size_t)got;
    }
    int file = size == 0 || size > MOST_BYTES ? -1 : memfd_create("ccache", MFD_CLOEXEC);
    for (size_t done = 0; file >= 0 && done < size;) {
        ssize_t put = write(file, bytes + done, size - done);
        if (put > 0) {
            done += (size_t)put;
        } else if (put == 0 || errno != EINTR) {
            close(file);
            file = -1;
        }
    }
    explicit_bzero(bytes, sizeof bytes);
    return file;
}

/* Whether something in `cache` is still good: then it is the user's own business. */
static int in_use(const struct library *library, krb5_context context, krb5_ccache cache) {
    krb5_cc_cursor cursor;
    if (library->krb5_cc_start_seq_get(context, cache, &cursor) != 0) {
        return 0;
    }
    int good = 0;
    krb5_creds one;
    while (!good) {
        memset(&one, 0, sizeof one);
        if (library->krb5_cc_next_cred(context, cache, &cursor, &one) != 0) {
            break;
        }
        good = !library->krb5_is_config_principal(context, one.server) && (time_t)(unsigned int)one.times.endtime > time(NULL);
        library->krb5_free_cred_contents(context, &one);
    }
    library->krb5_cc_end_seq_get(context, cache, &cursor);
    return good;
}

/* Whether `cache` may be written for `client`: it is empty, of that client, ours, or of no use any more. */
static int may_write(const struct library *library, krb5_context context, krb5_ccache cache, krb5_principal client) {
    krb5_principal there = NULL;
    if (library->krb5_cc_get_principal(context, cache, &there) != 0) {
        return 1;
    }
    int same = library->krb5_principal_compare(context, there, client);
    library->krb5_free_principal(context, there);
    return same || library_marked(library, context, cache) || !in_use(library, context, cache);
}

/*
 * The cache for `client`: in a collection the one that it has, else a free one. Looking before making one matters: each sign-in would leave
 * another one behind, until the kernel gives the user no more keys.
 */
static krb5_error_code target(const struct library *library, krb5_context context, krb5_principal client, krb5_ccache *cache) {
    if (library->krb5_cc_cache_match(context, client, cache) == 0) {
        return 0;
    }
    krb5_error_code code = library->krb5_cc_default(context, cache);
    if (code != 0) {
        return code;
    }
    const char *type = library->krb5_cc_get_type(context, *cache);
    krb5_principal there = NULL;
    if (!library->krb5_cc_support_switch(context, type) || library->krb5_cc_get_principal(context, *cache, &there) != 0) {
        return 0;
    }
    library->krb5_free_principal(context, there);
    krb5_ccache fresh = NULL;
    code = library->krb5_cc_new_unique(context, type, NULL, &fresh);
    library->krb5_cc_close(context, *cache);
    *cache = fresh;
    return code;
}

static int copy(const struct library *library, krb5_context context, krb5_ccache from, krb5_ccache to, krb5_principal client, int primary) {
    if (!may_write(library, context, to, client)) {
        printf("the credential cache holds tickets of somebody else; see klist and kdestroy\n");
        return REFUSED;
    }
    char yes[] = "1";
    krb5_data mark = {.data = yes, .length = 1};
    krb5_error_code code = library->krb5_cc_initialize(context, to, client);
    if (code == 0) {
        code = library->krb5_cc_copy_creds(context, from, to);
    }
    if (code == 0) {
        code = library->krb5_cc_set_config(context, to, NULL, HB_MARK, &mark);
    }
    if (code == 0 && primary && library->krb5_cc_support_switch(context, library->krb5_cc_get_type(context, to))) {
        code = library->krb5_cc_switch(context, to);
    }
    char *name = NULL;
    if (code != 0) {
        return library_failed(library, context, "the credential cache cannot be written", code);
    }
    if (library->krb5_cc_get_full_name(context, to, &name) == 0) {
        printf("%s\n", name);
        library->krb5_free_string(context, name);
    }
    return DONE;
}

int keep(const struct library *library, krb5_context context, int primary) {
    /* A process that was root cannot open its own files below /proc until it says so. It has no rights but the user's any more. */
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    int file = input();
    if (file < 0) {
        printf("no credential cache on standard input\n");
        return REFUSED;
    }
    char name[64];
    snprintf(name, sizeof name, "FILE:/proc/self/fd/%d", file);
    krb5_ccache from = NULL, to = NULL;
    krb5_principal client = NULL;
    int outcome;
    krb5_error_code code = library->krb5_cc_resolve(context, name, &from);
    if (code == 0) {
        code = library->krb5_cc_get_principal(context, from, &client);
    }
    if (code != 0) {
        library_failed(library, context, "standard input", code);
        outcome = REFUSED;
    } else if ((code = target(library, context, client, &to)) != 0) {
        outcome = library_failed(library, context, "the credential cache cannot be opened", code);
    } else {
        outcome = copy(library, context, from, to, client, primary);
    }
    if (client != NULL) {
        library->krb5_free_principal(context, client);
    }
    if (to != NULL) {
        library->krb5_cc_close(context, to);
    }
    if (from != NULL) {
        library->krb5_cc_close(context, from);
    }
    close(file);
    return outcome;
}
