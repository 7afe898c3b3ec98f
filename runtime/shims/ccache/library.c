#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static int find(void *handle, const char *name, void *place, size_t size) {
    void *found = dlsym(handle, name);
    if (found == NULL || size != sizeof found) {
        return 0;
    }
    memcpy(place, &found, sizeof found); /* ISO C has no conversion from an object pointer to a function pointer */
    return 1;
}

int library_load(struct library *library) {
    void *handle = dlopen("libkrb5.so.3", RTLD_NOW | RTLD_LOCAL); /* held until the process ends */
    if (handle == NULL) {
        return 0;
    }
#define HB_FIND(name) \
    if (!find(handle, #name, &library->name, sizeof library->name)) { \
        return 0; \
    }
    HB_KRB5_CALLS(HB_FIND)
#undef HB_FIND
    return 1;
}

int library_failed(const struct library *library, krb5_context context, const char *what, krb5_error_code code) {
    const char *why = library->krb5_get_error_message(context, code);
    printf("%s: %s\n", what, why != NULL ? why : "unknown");
    if (why != NULL) {
        library->krb5_free_error_message(context, why);
    }
    return FAILED;
}

int library_marked(const struct library *library, krb5_context context, krb5_ccache cache) {
    krb5_data value = {0};
    if (library->krb5_cc_get_config(context, cache, NULL, HB_MARK, &value) != 0) {
        return 0;
    }
    library->krb5_free_data_contents(context, &value);
    return 1;
}
