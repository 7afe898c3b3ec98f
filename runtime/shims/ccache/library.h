/* The host's Kerberos library, loaded when it is needed: a host without it works in every other way. */
#ifndef HB_CCACHE_LIBRARY_H
#define HB_CCACHE_LIBRARY_H

#include <krb5.h>

#define HB_KRB5_CALLS(CALL) \
    CALL(krb5_init_context) \
    CALL(krb5_free_context) \
    CALL(krb5_get_error_message) \
    CALL(krb5_free_error_message) \
    CALL(krb5_cc_resolve) \
    CALL(krb5_cc_default) \
    CALL(krb5_cc_get_type) \
    CALL(krb5_cc_support_switch) \
    CALL(krb5_cc_get_full_name) \
    CALL(krb5_free_string) \
    CALL(krb5_cc_get_principal) \
    CALL(krb5_free_principal) \
    CALL(krb5_principal_compare) \
    CALL(krb5_cc_cache_match) \
    CALL(krb5_cc_new_unique) \
    CALL(krb5_cc_initialize) \
    CALL(krb5_cc_copy_creds) \
    CALL(krb5_cc_set_config) \
    CALL(krb5_cc_get_config) \
    CALL(krb5_free_data_contents) \
    CALL(krb5_cc_switch) \
    CALL(krb5_cc_close) \
    CALL(krb5_cc_destroy) \
    CALL(krb5_cc_start_seq_get) \
    CALL(krb5_cc_next_cred) \
    CALL(krb5_cc_end_seq_get) \
    CALL(krb5_free_cred_contents) \
    CALL(krb5_is_config_principal) \
    CALL(krb5_cccol_cursor_new) \
    CALL(krb5_cccol_cursor_next) \
    CALL(krb5_cccol_cursor_free)

/* One pointer for each call, of the type that the header gives it. */
struct library {
#define HB_MEMBER(name) __typeof__(name) *name;
    HB_KRB5_CALLS(HB_MEMBER)
#undef HB_MEMBER
};

/* Exit codes; the root helper knows them. */
enum outcome { DONE = 0, FAILED = 1, WRONG_USE = 2, NO_LIBRARY = 3, REFUSED = 4 };

/* Whether libkrb5 is there with all of it. */
int library_load(struct library *library);

/* Prints what failed and why, on one line; returns FAILED. */
int library_failed(const struct library *library, krb5_context context, const char *what, krb5_error_code code);

/* The name under which a cache is marked as one that we wrote. A user who runs kinit on it makes it a cache of its own. */
#define HB_MARK "himmelblau"

/* Whether `cache` carries our mark. */
int library_marked(const struct library *library, krb5_context context, krb5_ccache cache);

#endif
