/*
 * himmelblau_ccache keep|keep-primary|drop UID GID: writes a credential cache from standard input into the one that the host has
 * for that user, or removes those that it wrote. The root helper runs it; it becomes the user first of all, and uses no environment.
 */
#include "drop.h"
#include "keep.h"
#include "person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    unsigned int uid = argc == 4 ? person_id(argv[2]) : 0;
    unsigned int gid = argc == 4 ? person_id(argv[3]) : 0;
    if (uid == 0 || gid == 0) {
        printf("usage: himmelblau_ccache keep|keep-primary|drop UID GID\n");
        return WRONG_USE;
    }
    if (!person_become((uid_t)uid, (gid_t)gid) || clearenv() != 0 || chdir("/") != 0) {
        printf("cannot become the user\n");
        return FAILED;
    }
    int primary = strcmp(argv[1], "keep-primary") == 0;
    int keeps = primary || strcmp(argv[1], "keep") == 0;
    if (!keeps && strcmp(argv[1], "drop") != 0) {
        printf("usage: himmelblau_ccache keep|keep-primary|drop UID GID\n");
        return WRONG_USE;
    }
    struct library library;
    krb5_context context = NULL;
    if (!library_load(&library)) {
        printf("libkrb5.so.3 is missing\n");
        return NO_LIBRARY;
    }
    krb5_error_code code = library.krb5_init_context(&context);
    if (code != 0) {
        printf("the Kerberos library does not start (%ld): is krb5.conf correct?\n", (long)code);
        return FAILED;
    }
    int outcome = keeps ? keep(&library, context, primary) : drop(&library, context);
    library.krb5_free_context(context);
    return outcome;
}
